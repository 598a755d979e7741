import type { WorkspaceConfig } from '../config/config.ts';
import { proxyFor } from '../domain/network/proxy.ts';
import { BLOCKED, type ExaminationParts } from './examination.ts';
import { examineWorkspace } from './examine-workspace.ts';
import { type Finding, skipped } from './finding.ts';
import { openPlatform } from './open-platform.ts';
import { shakeHands } from './probes/encryption.ts';
import { askHealth } from './probes/health.ts';
import { lookUpName } from './probes/name.ts';
import { judgeEncryption } from './rules/encryption.ts';
import { judgeHealth } from './rules/health.ts';
import { judgeName } from './rules/name.ts';

/** The way to one platform, then each workspace on it. */
export async function examinePlatform(
  url: string,
  workspaces: readonly WorkspaceConfig[],
  parts: ExaminationParts,
): Promise<readonly Finding[]> {
  const { settings, signal, clock, timeoutMs } = parts;
  const { origin, hostname } = new URL(url);
  const proxy = proxyFor(origin, settings.options.values);
  const about = (finding: Finding): Finding => ({ ...finding, about: url });

  const name = judgeName(hostname, proxy === null ? await lookUpName(hostname) : null, proxy);
  const isDirectTls = proxy === null && origin.startsWith('https:') && name.status !== 'failed';
  const facts = isDirectTls ? await shakeHands(origin, settings.certificates, timeoutMs) : null;
  const encryption = judgeEncryption({ origin, facts, proxy, nowMs: clock() });
  const platforms = workspaces.map((workspace) => ({ workspace, platform: openPlatform(workspace, parts) }));
  try {
    const [first] = platforms;
    const isBlocked = [name, encryption].some(({ status }) => status === 'failed');
    const health =
      first && !isBlocked
        ? judgeHealth(await askHealth(first.platform, signal), proxy)
        : skipped('platform', BLOCKED);
    const examined = await Promise.all(
      platforms.map(({ workspace, platform }) =>
        examineWorkspace(workspace, isOpen(health) ? platform : null, parts),
      ),
    );
    return [...[name, encryption, health].map(about), ...examined.flat()];
  } finally {
    for (const { platform } of platforms) platform.close();
  }
}

/** Whether there is any use in asking for more. */
function isOpen({ status }: Finding): boolean {
  return status === 'ok' || status === 'warning';
}
