import { openEventLog } from '../../adapters/event-log/event-log.ts';
import { createPlatform } from '../../adapters/platform/platform.ts';
import { createFileStore } from '../../adapters/staged-files/file-store.ts';
import { chooseStagingFolder } from '../../adapters/staged-files/folder.ts';
import { workspaceFolderName } from '../../adapters/state-directory/state-directory.ts';
import { createSlots } from '../../streams/slots.ts';
import type { WorkspaceConfig } from '../config/config.ts';
import { defaultCursorRules } from '../domain/cursor/cursor-position.ts';
import type { InboxState } from '../domain/inbox/inbox-state.ts';
import { silenceMs } from '../domain/network/rests.ts';
import { DAY_MS, HOUR_MS } from '../domain/time.ts';
import { agentCard } from '../domain/wire/agent-card.ts';
import { tapPlatform } from '../recording/tap-platform.ts';
import { type Delivering, startDelivering } from './delivering.ts';
import { followFeatures } from './feed/features.ts';
import { hearPlatform } from './feed/hear-platform.ts';
import { followWakes } from './feed/wakes.ts';
import { createUploadLimit } from './files/upload-limit.ts';
import { measurePlatform } from './measure-platform.ts';
import { pacePlatform } from './pacing/pace-platform.ts';
import { giveSignsOfLife } from './pacing/sign-of-life.ts';
import { hasRoom } from './room.ts';
import type { Surroundings } from './surroundings.ts';
import { lockKey } from './windows/windows.ts';
import { createWorkspace, type Workspace, type WorkspaceParts } from './workspace.ts';

/** Puts one configured workspace together: its platform, and what opens when this process delivers it. */
export function composeWorkspace(
  { id, platformUrl, credentials, ...config }: WorkspaceConfig,
  shared: Surroundings,
  hear: Pick<WorkspaceParts, 'onDelivering' | 'onLost'>,
): Workspace {
  const { options, logger, clock, tasks } = shared;
  const orgId = config.orgId ?? options.orgId;
  const budget = shared.budgetOf(platformUrl);
  const tap = shared.spectators.tapOf(id);
  const direct = createPlatform({
    baseUrl: platformUrl,
    workspaceId: id,
    credentials,
    agents: shared.agents,
    deadlines: {
      silenceMs: silenceMs(budget.sharers, shared.crowd, options.heartbeatSecs * 1000),
      ...callDeadlines(options.callMaxSecs * 1000),
    },
    logger,
    onBudget: (heard) => budget.heard(id, heard),
    onReply: tap.replied,
    ...(orgId === '' ? {} : { orgId }),
  });
  const measured = measurePlatform(pacePlatform(direct, id, budget), clock);
  const { platform, heard$ } = hearPlatform(tapPlatform(measured.platform, tap));
  const features = followFeatures({ workspaceId: id, platform, heard$, clock, logger });
  const wakes = followWakes(heard$);
  giveSignsOfLife({ workspaceId: id, platform, tasks, heard$, clock });

  async function deliver(): Promise<Delivering> {
    const { directory, disk } = shared;
    const workspaceFolder = await directory.workspaceFolder({ id, platformUrl });
    const folder = await chooseStagingFolder({ uploadsDir: options.uploadsDir, workspaceFolder, disk });
    return startDelivering({
      workspaceId: id,
      platform,
      log: openEventLog({ folder: workspaceFolder, disk, logger }),
      files: createFileStore({ folder, disk, owner: workspaceFolderName({ id, platformUrl }) }),
      rules: {
        ...defaultCursorRules,
        lagMs: options.cursorLagSecs * 1000,
        backlogMs: options.backlogSecs * 1000,
      },
      uploads: {
        deadlineMs: options.uploadDeadlineSecs * 1000,
        lonelyAfterMs: options.uploadNoticeSecs * 1000,
        maxBytes: createUploadLimit({ platform, configuredBytes: options.uploadMaxBytes, clock }),
        quota: { maxAgeMs: options.uploadsKeepDays * DAY_MS, maxBytes: options.uploadsKeepBytes },
        ownSlots: createSlots(options.uploadsAtATime),
        sharedSlots: shared.sharedSlots,
      },
      hasRoom: (ledger) => hasRoom(ledger, shared.limits),
      importedCursor: async () => {
        const imported = await directory.readImportedCursor(id, shared.crowd > 1 ? 'several' : 'single');
        return imported?.rowId ?? null;
      },
      keepPoppedMs: options.keepPoppedHours * HOUR_MS,
      clock,
      logger,
      pace: shared.pace,
      server: { features, heard$ },
    });
  }

  /** Only a server that has generations reads what came with them (§15.11). */
  function generationBeat(state: Readonly<InboxState> | undefined) {
    if (!features.found().has('generation')) return {};
    const observedGeneration = wakes.observed(state);
    const isBusy = tasks.of(id).activeTasks > 0;
    const host = shared.hostPresence();
    return { isBusy, host, ...(observedGeneration === undefined ? {} : { observedGeneration }) };
  }

  /** Nothing more can reach the agent: the platform is to show it (§3.2). */
  function isWedged(): boolean {
    const ledger = workspace.delivering()?.ledger;
    return shared.hostStalled() || (ledger !== undefined && !hasRoom(ledger, shared.limits));
  }

  const workspace: Workspace = createWorkspace({
    id,
    platformUrl,
    platform,
    credentials,
    card: agentCard(id, {
      name: options.agentName,
      description: options.agentDescription,
      skills: options.agentSkills,
    }),
    beat: () => ({
      ...measured.errorRate(),
      uptimeSeconds: Math.floor((clock() - shared.startedAtMs) / 1000),
      runtimeState: isWedged() ? 'wedged' : '',
      ...tasks.of(id),
      ...generationBeat(workspace.delivering()?.ledger.state),
    }),
    features: features.found,
    takeTurn: (signal) => shared.lock.acquire(lockKey({ id, platformUrl }), signal),
    // Such a window would take the turn from those that do have an inbox.
    deliver: options.disableInbox ? null : deliver,
    ...hear,
  });
  return workspace;
}

/** What keeps the agent present gives up before its next turn is missed, however long a tool may take. */
function callDeadlines(callMs: number) {
  return { callMs, presenceMs: Math.min(callMs, 10_000) };
}
