import {
  afterEnding,
  afterReply,
  afterSending,
  type Budget,
  beatsUntil,
  type HeardBudget,
  URGENCIES,
  type Urgency,
  unheardBudget,
  WINDOW_MS,
  waitMs,
} from '../../domain/network/request-budget.ts';
import { type Rest, restsOf } from '../../domain/network/rests.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import { createMissingRoutes, type MissingRoutes } from './missing-routes.ts';

/** The requests of all workspaces behind one platform address: none leaves before its turn. */
export interface RequestBudget {
  /** Workspaces behind the address. */
  readonly sharers: number;
  readonly missingRoutes: MissingRoutes;
  /** Resolves when the request may leave; rejects with the signal's reason. {@link ended} must follow. */
  turn(workspaceId: string, urgency: Urgency, signal: AbortSignal): Promise<void>;
  /** What of this workspace waits as idle has become traffic. */
  hurry(workspaceId: string): void;
  /** A reply told of the budget. */
  heard(workspaceId: string, budget: HeardBudget): void;
  /** A request that had its turn is over. */
  ended(workspaceId: string): void;
  /** A workspace's rest, as long as sharing demands. */
  stretch(rest: Rest, ownMs: number): number;
  /** Whether so many share the budget that rests are stretched. */
  tight(): boolean;
}

/** A request that waits for its turn. */
type Waiting = () => void;
/** Those of one urgency, by workspace: the one whose turn is next comes first. */
type Queue = Map<string, Set<Waiting>>;

/**
 * A budget for `sharers` workspaces. It begins as one bucket of 600 a minute for all, and follows what the replies tell:
 * the true limit, none at all, or a bucket for each workspace (servers of August count by token). After a 429 nobody
 * sends before the window is over. Turns go by urgency, then from workspace to workspace.
 */
export function createRequestBudget(sharers: number, clock: Clock = () => performance.now()): RequestBudget {
  const buckets = new Map<string, Budget>();
  const sentBy = new Map<string, number[]>();
  /** When the workspaces that send heartbeats sent their last one. */
  const lastBeats = new Map<string, number>();
  /** Workspaces whose registration has left and not ended. */
  const starting = new Set<string>();
  let shared = true;
  let began: { readonly workspaceId: string; readonly atMs: number } | null = null;
  const queues = new Map<Urgency, Queue>(URGENCIES.map((urgency) => [urgency, new Map()]));
  let timer: NodeJS.Timeout | undefined;

  const keyOf = (workspaceId: string) => (shared ? 'all' : workspaceId);
  const bucketOf = (workspaceId: string) => buckets.get(keyOf(workspaceId)) ?? unheardBudget();
  const queueOf = (urgency: Urgency): Queue => queues.get(urgency) ?? new Map();
  const restsNow = () => {
    const [any] = buckets.values();
    return restsOf(any?.limit ?? unheardBudget().limit, shared ? sharers : 1);
  };

  function send(workspaceId: string, urgency: Urgency): void {
    const nowMs = clock();
    if (urgency === 'start') {
      starting.add(workspaceId);
      lastBeats.set(workspaceId, Number.NEGATIVE_INFINITY);
    }
    if (urgency === 'heartbeat') lastBeats.set(workspaceId, nowMs);
    buckets.set(keyOf(workspaceId), afterSending(bucketOf(workspaceId), nowMs));
    if (sharers === 1) return;
    const own = sentBy.get(workspaceId) ?? [];
    own.push(nowMs);
    sentBy.set(workspaceId, own);
  }

  function waitOf(workspaceId: string, urgency: Urgency): number {
    const nowMs = clock();
    const beats = (atMs: number) => {
      const own = lastBeats.get(workspaceId);
      const times = shared ? lastBeats.values() : own === undefined ? [] : [own];
      return beatsUntil(atMs, times, restsNow().heartbeat, nowMs);
    };
    return waitMs(bucketOf(workspaceId), urgency, beats, nowMs);
  }

  function enqueue(urgency: Urgency, workspaceId: string, waiting: Waiting): void {
    const queue = queueOf(urgency);
    queue.set(workspaceId, (queue.get(workspaceId) ?? new Set()).add(waiting));
  }

  /** Lets go whoever may; looks again when the next window begins. */
  function advance(): void {
    clearTimeout(timer);
    let soonestMs = Number.POSITIVE_INFINITY;
    for (const urgency of URGENCIES) soonestMs = Math.min(soonestMs, serve(urgency));
    if (soonestMs < Number.POSITIVE_INFINITY)
      timer = setTimeout(advance, Math.min(soonestMs, LOOK_AGAIN_MS)).unref();
  }

  /** Lets go whoever may of one urgency; how long the rest must wait at least, `Infinity` when none is left. */
  function serve(urgency: Urgency): number {
    const queue = queueOf(urgency);
    let soonestMs = Number.POSITIVE_INFINITY;
    // A workspace that was served goes to the queue's end, where this very loop comes by again.
    for (const [workspaceId, requests] of queue) {
      if (urgency === 'start' && starting.size >= STARTS_AT_ONCE) return LOOK_AGAIN_MS;
      if (urgency === 'idle' && shared && queueOf('start').size > 0) return LOOK_AGAIN_MS;
      const leftMs = waitOf(workspaceId, urgency);
      if (leftMs > 0) {
        soonestMs = Math.min(soonestMs, leftMs);
        if (shared) break;
        continue;
      }
      const [next] = requests;
      queue.delete(workspaceId);
      if (next === undefined) continue;
      requests.delete(next);
      if (requests.size > 0) queue.set(workspaceId, requests);
      send(workspaceId, urgency);
      next();
    }
    return soonestMs;
  }

  /**
   * Learns whose bucket replies speak of. One that all share begins anew once a minute; when two workspaces see one
   * begin within a minute, each has its own. More gone from it than its workspace sent means that it is shared after all.
   */
  function judge(workspaceId: string, { limit, remaining }: HeardBudget): void {
    if (limit === null || limit === Number.POSITIVE_INFINITY) return;
    const used = limit - remaining;
    const nowMs = clock();
    if (used === 1) {
      const another = began && began.workspaceId !== workspaceId && nowMs - began.atMs < 0.8 * WINDOW_MS;
      if (!another) began = { workspaceId, atMs: nowMs };
      else if (shared) setShared(false);
    }
    const own = sentBy.get(workspaceId) ?? [];
    while (own[0] !== undefined && nowMs - own[0] > WINDOW_MS + LOOK_AGAIN_MS) own.shift();
    if (!shared && used > own.length + 3) setShared(true);
  }

  function setShared(is: boolean): void {
    shared = is;
    buckets.clear();
  }

  return {
    sharers,
    missingRoutes: createMissingRoutes(clock),
    turn(workspaceId, urgency, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const go = () => {
          signal.removeEventListener('abort', leave);
          resolve();
        };
        const leave = () => {
          // A hurried one waits elsewhere than it did.
          for (const queue of queues.values()) {
            const requests = queue.get(workspaceId);
            if (requests?.delete(go) && requests.size === 0) queue.delete(workspaceId);
          }
          reject(signal.reason);
        };
        signal.addEventListener('abort', leave, { once: true });
        enqueue(urgency, workspaceId, go);
        advance();
      });
    },
    hurry(workspaceId) {
      const idle = queueOf('idle');
      const requests = idle.get(workspaceId);
      if (!idle.delete(workspaceId)) return;
      for (const waiting of requests ?? []) enqueue('traffic', workspaceId, waiting);
      advance();
    },
    heard(workspaceId, budget) {
      if (sharers > 1) judge(workspaceId, budget);
      buckets.set(keyOf(workspaceId), afterReply(bucketOf(workspaceId), budget, clock()));
      advance();
    },
    ended(workspaceId) {
      buckets.set(keyOf(workspaceId), afterEnding(bucketOf(workspaceId)));
      if (starting.delete(workspaceId)) advance();
    },
    stretch: (rest, ownMs) => Math.max(ownMs, restsNow()[rest]),
    tight: () => restsNow().poll > ROOMY_POLL_MS,
  };
}

/** A workspace that has registered is followed up before the next one begins. */
const STARTS_AT_ONCE = 4;
const LOOK_AGAIN_MS = 5_000;
/** Polls this rare and rarer leave no room for requests that only make sure. */
const ROOMY_POLL_MS = 10_000;

/** The budgets of a process's workspaces, one for each address. */
export function createRequestBudgets(
  platformUrls: readonly string[],
): (platformUrl: string) => RequestBudget {
  const budgets = new Map<string, RequestBudget>();
  return (platformUrl) => {
    const sharers = platformUrls.filter((url) => url === platformUrl).length;
    const budget = budgets.get(platformUrl) ?? createRequestBudget(sharers);
    budgets.set(platformUrl, budget);
    return budget;
  };
}
