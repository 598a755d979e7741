import { createCommitFaults } from '../faults/commit-faults.ts';
import { createStreamFaults } from '../faults/stream-faults.ts';
import type { LocalPlatformOptions } from '../options.ts';
import { type Profile, type ProfileFigures, profileFigures } from '../profile.ts';
import { mayCommunicate } from '../rules/access.ts';
import { type ActivityRow, type RowDraft, showLogged } from '../rules/activity-row.ts';
import { createBusyness } from './busyness.ts';
import { createClock } from './clock.ts';
import type { Delegation } from './delegations.ts';
import { createFeed } from './feed.ts';
import type { Memory } from './memories.ts';
import { createTokens } from './tokens.ts';
import { createUploads } from './uploads.ts';
import { createWakeUps } from './wake-ups.ts';
import type { Workspace, Workspaces } from './workspaces.ts';

/** Everything the platform knows, and the few acts that several routes share. */
export type World = ReturnType<typeof createWorld>;

/** A platform on which nothing has happened yet. */
export function createWorld(options: LocalPlatformOptions, adminToken: string) {
  let profile: Profile = options.profile ?? 'may';
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
    memories: new Map<string, Memory>(),

    /** The generation played at this moment. */
    profile: () => profile,
    isHead: () => profile === 'head',
    setProfile(next: Profile) {
      profile = next;
    },
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

    /** Writes a row without an event. */
    record: feed.insert,

    /** Writes a row and, once it is readable, raises `ACTIVITY_LOGGED` (§12.1). */
    async recordAndWake(workspaceId: string, draft: RowDraft): Promise<ActivityRow | undefined> {
      const row = await feed.insert(workspaceId, draft);
      if (row !== undefined) wakeUps.raise(workspaceId, 'ACTIVITY_LOGGED', showLogged(row));
      return row;
    },
  };
}
