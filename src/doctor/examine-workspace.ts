import { probeFeatures } from '../bridge/feed/features.ts';
import type { WorkspaceConfig } from '../config/config.ts';
import type { WorkspacePlatform } from '../domain/ports/platform.ts';
import { BLOCKED, type ExaminationParts } from './examination.ts';
import { type Finding, skipped } from './finding.ts';
import { askAccess } from './probes/access.ts';
import { askFeed } from './probes/feed.ts';
import { logFolder, readLog } from './probes/log.ts';
import { openWakeUps } from './probes/wake-ups.ts';
import { lookAtWindows } from './probes/windows.ts';
import { judgeAttention } from './rules/attention.ts';
import { judgeClock } from './rules/clock.ts';
import { judgeFeatures } from './rules/features.ts';
import { judgeFeed } from './rules/feed.ts';
import { judgeFiles } from './rules/files.ts';
import { judgePresence } from './rules/presence.ts';
import { judgeToken } from './rules/token.ts';
import { judgeWakeUps } from './rules/wake-ups.ts';
import { judgeWindows } from './rules/windows.ts';

/** One workspace. `platform` is null when it cannot be reached: then only what is on this machine is looked at. */
export async function examineWorkspace(
  workspace: WorkspaceConfig,
  platform: WorkspacePlatform | null,
  parts: ExaminationParts,
): Promise<readonly Finding[]> {
  const { settings, signal, clock, runTimeFolder } = parts;
  const { values } = settings.options;
  const log = await readLog(logFolder(settings.directory?.path ?? '', workspace));
  const windowFacts = await lookAtWindows(runTimeFolder, workspace, WINDOW_TIMEOUT_MS);
  const { windows, delivering } = windowFacts;
  const lastReadAt = delivering?.status.lastReadAt ?? null;
  const findings: Finding[] = [];
  if (platform) {
    const access = await askAccess(platform, signal, clock);
    const index = settings.workspaces.indexOf(workspace);
    const isOpen = access.feed.ok;
    findings.push(
      judgeToken(access, settings.entries[index]?.setBy.token ?? ''),
      judgeClock(access.feed.ok ? access.feed.value : null, access.askedAtMs),
      judgePresence({ workspace: access.workspace, windows, silent: values.disableHeartbeat }),
      judgeFeed({
        log,
        feed: isOpen
          ? await askFeed(platform, log.kind === 'kept' ? log.state : null, clock(), signal)
          : null,
        windows,
      }),
      isOpen
        ? judgeWakeUps(await openWakeUps(platform, signal), values.pollSecs)
        : skipped('wake-up stream', BLOCKED),
      access.feed.ok
        ? judgeFeatures(await probeFeatures(platform, workspace.id, signal), access.feed.value.rows)
        : skipped('features', BLOCKED),
    );
  } else {
    findings.push(skipped('token', BLOCKED), judgeFeed({ log, feed: null, windows }));
  }
  findings.push(judgeWindows(windowFacts), judgeAttention(log, lastReadAt, clock()), judgeFiles(log));
  return findings.map((finding) => ({ ...finding, about: workspace.id }));
}

const WINDOW_TIMEOUT_MS = 2_000;
