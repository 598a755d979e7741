import { createCommitFaults } from '../faults/commit-faults.ts';
import { createStreamFaults } from '../faults/stream-faults.ts';
import type { LocalPlatformOptions } from '../options.ts';
import { type Profile, type ProfileFigures, profileFigures } from '../profile.ts';
import { mayCommunicate } from '../rules/access.ts';
import { type ActivityRow, type RowDraft, showLogged } from '../rules/activity-row.ts';
import type { RateWindow } from '../rules/rate-window.ts';
import { createBusyness } from './busyness.ts';
import { createClock } from './clock.ts';
import type { Delegation } from './delegations.ts';
import { createFeed } from './feed.ts';
import type { Memory } from './memories.ts';
import { installPlatformRoot } from './platform-root.ts';
import type { AgentRequest, UserTask } from './requests.ts';
import { createTokens } from './tokens.ts';
import { createUploads } from './uploads.ts';
import { createWakeUps } from './wake-ups.ts';
import type { Workspace, Workspaces } from './workspaces.ts';

/** Everything the platform knows, and the few acts that several routes share. */
export type World = ReturnType<typeof createWorld>;

/** A platform on which nothing has happened yet. */
export function createWorld(options: LocalPlatformOptions, adminToken: string) {
  let profile: Profile = options.profile ?? 'may';
  let platformRootId: string | null = null;
  const busyness = createBusyness((error) =>
    options.log?.(`local platform: detached work: ${String(error)}`),
  );
  const commitFaults = createCommitFaults(busyness);
  const streamFaults = createStreamFaults();
  const clock = createClock();
  const feed = createFeed(clock, commitFaults.gate);
  const wakeUps = createWakeUps(clock.nowMs);
  const workspaces: Workspaces = new Map();
  const tokens = createTokens(clock.nowMicros);
  const messageIds = new Set<string>();
  const rateWindows = new Map<string, RateWindow>();

  const start = (next: Profile) => {
    profile = next;
    rateWindows.clear();
    platformRootId = profile === 'head' ? installPlatformRoot(workspaces) : null;
  };
  start(profile);

  /** Raises `ACTIVITY_LOGGED` for a row (§12.1). */
  const wake = (workspaceId: string, row: RowDraft, messageId?: string) =>
    wakeUps.raise(workspaceId, 'ACTIVITY_LOGGED', showLogged(row, profile === 'head', messageId));

  return {
    options,
    adminToken,
    busyness,
    commitFaults,
    streamFaults,
    clock,
    feed,
    wakeUps,
    workspaces,
    tokens,
    uploads: createUploads(),
    delegations: new Map<string, Delegation>(),
    /** How much of its minute each client has used; a server that starts has forgotten it. */
    rateWindows,
    memories: new Map<string, Memory>(),
    requests: new Map<string, AgentRequest>(),
    userTasks: new Map<string, UserTask>(),

    /** The generation played at this moment. */
    profile: () => profile,
    isHead: () => profile === 'head',
    /** What a server of this generation does when it starts over the same data. */
    start,
    /** Above whom new workspaces are put: nobody in May, the platform's own root at HEAD (§15.6). */
    platformRootId: () => platformRootId,
    /** The generation's figures, with the configured caps. */
    figures(): ProfileFigures {
      const figures = profileFigures[profile];
      return {
        ...figures,
        maxFileBytes: options.maxFileBytes ?? figures.maxFileBytes,
        maxRequestBytes: options.maxRequestBytes ?? figures.maxRequestBytes,
      };
    },

    /** The workspace a token is good for: it is live and its workspace not removed (§2.1). */
    workspaceOf(token: string | undefined): Workspace | undefined {
      const record = token === undefined ? undefined : tokens.find(token);
      const workspace = record === undefined ? undefined : workspaces.get(record.workspaceId);
      return workspace?.status === 'removed' ? undefined : workspace;
    },

    /** Whether two workspaces may talk (§6.3, §15.6). */
    mayTalk: (callerId: string, targetId: string) =>
      mayCommunicate(callerId, targetId, (id) => workspaces.get(id), profile === 'may'),

    /** Whether an inbox meets this `messageId` for the first time; from then on it knows it (§15.5). */
    claimMessageId(workspaceId: string, messageId: string): boolean {
      const key = `${workspaceId} ${messageId}`;
      if (messageIds.has(key)) return false;
      messageIds.add(key);
      return true;
    },

    wake,
    /** Writes a row without an event. */
    record: feed.insert,
    /** Writes a row and, once it is readable, raises `ACTIVITY_LOGGED`. */
    async recordAndWake(workspaceId: string, draft: RowDraft): Promise<ActivityRow | undefined> {
      const row = await feed.insert(workspaceId, draft);
      if (row !== undefined) wake(workspaceId, row);
      return row;
    },
  };
}
