import type { Rest } from '../../src/domain/network/rests.ts';
import type { Clock } from '../../src/domain/ports/runtime.ts';
import type { Troubles, Work } from './trouble.ts';

/** How a workspace's machine is set up; everything but the id has a default. */
export interface WorkspaceInput extends Partial<WorkspaceOptions> {
  readonly workspaceId: string;
}

/** Pacing and deadlines, all in milliseconds. */
export interface WorkspaceOptions {
  /** Rest between polls while no wake-up stream is open. Default 5 s. */
  readonly pollEveryMs: number;
  /** Rest between polls while one is open. Default 30 s. */
  readonly safetyPollEveryMs: number;
  /** Longest rest between polls while rows that are committed late are still looked for. Default 10 s. */
  readonly lagPollEveryMs: number;
  /** Rest between heartbeats; stale after 90 s (protocol.md §3.3). Default 20 s. */
  readonly heartbeatEveryMs: number;
  /** How often a revoked or removed workspace is asked about again. Default 20 s. */
  readonly accessCheckEveryMs: number;
  /** How often a server without a wake-up stream is asked for one again. Default 15 min. */
  readonly streamProbeEveryMs: number;
  /**
   * When an actor is given up that neither resolved nor rejected, its wait for a turn included. A last resort: each
   * request has a total deadline of its own.
   */
  readonly registerDeadlineMs: number;
  readonly heartbeatDeadlineMs: number;
  readonly accessDeadlineMs: number;
  readonly pollDeadlineMs: number;
  readonly recoverDeadlineMs: number;
  /** False leaves out register and heartbeat (`MOLECULE_MCP_DISABLE_HEARTBEAT`). */
  readonly heartbeatEnabled: boolean;
  /** False leaves out feed and wake-ups (`MOLECULE_MCP_DISABLE_INBOX`). */
  readonly feedEnabled: boolean;
  /** What becomes of a rest when many workspaces share a request budget (§1.5). Default: it stays as it is. */
  readonly stretch: (rest: Rest, ownMs: number) => number;
  /** Draws jitter, [0, 1). Default `Math.random`. */
  readonly random: () => number;
  readonly now: Clock;
}

/** What a workspace's machine remembers: counts, times and last error texts; no tokens, no bodies. */
export interface WorkspaceContext {
  readonly workspaceId: string;
  readonly options: WorkspaceOptions;
  /** What fails at present, by the work that does; works that succeed are absent. */
  readonly troubles: Troubles;
  /** Refusals in a row and whose was the last: reset when that very work succeeds, or the platform accepts the token again. */
  readonly refusals: { readonly count: number; readonly of: Work; readonly status: number };
  /**
   * Works that were refused although the platform confirmed the token, and when it did. They count as merely failing
   * for a minute: one route refusing what another accepts must not become a loop.
   */
  readonly contradicted: { readonly [W in Work]?: number };
  readonly inboxFull: boolean;
  readonly storageFailed: boolean;
  readonly wakeUpsOpen: boolean;
  /** Something was written while a read ran: exactly one more follows. */
  readonly wokenMeanwhile: boolean;
  /** A wake-up has come: one read follows 1–2 s later for rows that were committed late (§13, race 3). */
  readonly lateCommitsDue: boolean;
  /** The last read left the stored cursor behind the newest row. */
  readonly feedLags: boolean;
  /** The cursor is gone and the walk back has not succeeded yet. */
  readonly recoveryDue: boolean;
  readonly lastPollAtMs: number | null;
  readonly lastHeartbeatAtMs: number | null;
}

/** The context that a machine begins with. */
export function createContext({ workspaceId, ...options }: WorkspaceInput): WorkspaceContext {
  return {
    workspaceId,
    options: { ...DEFAULTS, ...options },
    troubles: {},
    refusals: { count: 0, of: 'register', status: 0 },
    contradicted: {},
    inboxFull: false,
    storageFailed: false,
    wakeUpsOpen: false,
    wokenMeanwhile: false,
    lateCommitsDue: false,
    feedLags: false,
    recoveryDue: false,
    lastPollAtMs: null,
    lastHeartbeatAtMs: null,
  };
}

const DEFAULTS: WorkspaceOptions = {
  pollEveryMs: 5_000,
  safetyPollEveryMs: 30_000,
  lagPollEveryMs: 10_000,
  heartbeatEveryMs: 20_000,
  accessCheckEveryMs: 20_000,
  streamProbeEveryMs: 900_000,
  registerDeadlineMs: 60_000,
  heartbeatDeadlineMs: 45_000,
  accessDeadlineMs: 60_000,
  pollDeadlineMs: 300_000,
  recoverDeadlineMs: 1_800_000,
  heartbeatEnabled: true,
  feedEnabled: true,
  stretch: (_, ownMs) => ownMs,
  random: Math.random,
  now: Date.now,
};
