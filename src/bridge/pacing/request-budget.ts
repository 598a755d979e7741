import {
  afterEnding,
  afterReply,
  afterSending,
  type Budget,
  type HeardBudget,
  restsOf,
  type Urgency,
  unheardBudget,
  WINDOW_MS,
  waitMs,
} from '../../domain/network/request-budget.ts';
import type { Clock } from '../../domain/ports/runtime.ts';

/** The requests of all workspaces behind one platform address: none leaves before its turn. */
export interface RequestBudget {
  /** Workspaces behind the address. */
  readonly sharers: number;
  /** Resolves when the request may leave; rejects with the signal's reason. {@link ended} must follow. */
  turn(workspaceId: string, urgency: Urgency, signal: AbortSignal): Promise<void>;
  /** A reply told of the budget. */
  heard(workspaceId: string, budget: HeardBudget): void;
  /** A request that had its turn is over. */
  ended(workspaceId: string): void;
  /** A workspace's rest, as long as sharing demands; jittered, so that a crowd does not move in step. */
  stretch(rest: 'poll' | 'heartbeat', ownMs: number): number;
  /** Whether so many share the budget that rests are stretched. */
  tight(): boolean;
}

interface Waiting {
  readonly workspaceId: string;
  readonly urgency: Urgency;
  go(): void;
}

/**
 * A budget for `sharers` workspaces. It begins as one bucket of 600 a minute for all, and follows what the replies tell:
 * the true limit, none at all, or a bucket for each workspace (servers of August count by token). After a 429 nobody
 * sends before the window is over. Turns go by urgency, then to the workspace that had its last turn the longest ago.
 */
export function createRequestBudget(
  sharers: number,
  clock: Clock = () => performance.now(),
  random: () => number = Math.random,
): RequestBudget {
  const buckets = new Map<string, Budget>();
  const sentBy = new Map<string, number[]>();
  const servedAt = new Map<string, number>();
  /** Workspaces that have been let register, and those whose registration has not ended. */
  const present = new Set<string>();
  const starting = new Set<string>();
  let turns = 0;
  let shared = true;
  let began: { readonly workspaceId: string; readonly atMs: number } | null = null;
  const waiting = new Set<Waiting>();
  let timer: NodeJS.Timeout | undefined;

  const keyOf = (workspaceId: string) => (shared ? 'all' : workspaceId);
  const bucketOf = (workspaceId: string) => buckets.get(keyOf(workspaceId)) ?? unheardBudget();
  const turnOf = ({ workspaceId }: Waiting) => servedAt.get(workspaceId) ?? 0;
  const sharersNow = () => (shared ? sharers : 1);
  const presentNow = () => (shared ? present.size : 1);

  function send({ workspaceId, urgency, go }: Waiting): void {
    const nowMs = clock();
    present.add(workspaceId);
    if (urgency === 'start') starting.add(workspaceId);
    buckets.set(keyOf(workspaceId), afterSending(bucketOf(workspaceId), nowMs));
    servedAt.set(workspaceId, ++turns);
    if (sharers > 1) sentBy.set(workspaceId, [...(sentBy.get(workspaceId) ?? []), nowMs]);
    go();
  }

  /** Lets go whoever may; looks again when the next window begins. */
  function advance(): void {
    clearTimeout(timer);
    let soonestMs = LOOK_AGAIN_MS;
    const blocked = new Set<Waiting>();
    for (const urgency of URGENCIES) {
      for (let next = nextOf(urgency, blocked); next; next = nextOf(urgency, blocked)) {
        const leftMs = waitMs(bucketOf(next.workspaceId), urgency, presentNow(), clock());
        if (leftMs > 0) {
          soonestMs = Math.min(soonestMs, leftMs);
          if (shared) break;
          blocked.add(next);
          continue;
        }
        waiting.delete(next);
        send(next);
      }
    }
    if (waiting.size > 0) timer = setTimeout(advance, soonestMs).unref();
  }

  /** Of those that wait, the one that had its last turn the longest ago. */
  function nextOf(urgency: Urgency, blocked: ReadonlySet<Waiting>): Waiting | undefined {
    if (urgency === 'start' && starting.size >= STARTS_AT_ONCE) return undefined;
    let next: Waiting | undefined;
    for (const one of waiting) {
      if (one.urgency !== urgency || blocked.has(one)) continue;
      if (!next || turnOf(one) < turnOf(next)) next = one;
    }
    return next;
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
    turn(workspaceId, urgency, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const leave = () => {
          waiting.delete(one);
          reject(signal.reason);
        };
        const one: Waiting = {
          workspaceId,
          urgency,
          go() {
            signal.removeEventListener('abort', leave);
            resolve();
          },
        };
        signal.addEventListener('abort', leave, { once: true });
        waiting.add(one);
        advance();
      });
    },
    heard(workspaceId, budget) {
      if (sharers > 1) judge(workspaceId, budget);
      buckets.set(keyOf(workspaceId), afterReply(bucketOf(workspaceId), budget, clock()));
      if (waiting.size > 0) advance();
    },
    ended(workspaceId) {
      buckets.set(keyOf(workspaceId), afterEnding(bucketOf(workspaceId)));
      if (starting.delete(workspaceId)) advance();
    },
    stretch(rest, ownMs) {
      const [any] = buckets.values();
      const rests = restsOf(any?.limit ?? unheardBudget().limit, sharersNow());
      const leastMs = rest === 'poll' ? rests.pollMs : rests.heartbeatMs;
      // Moves a crowd's phases apart; a workspace on its own keeps its period.
      return leastMs <= ownMs ? ownMs : leastMs * (0.9 + 0.2 * random());
    },
    tight() {
      const [any] = buckets.values();
      return restsOf(any?.limit ?? unheardBudget().limit, sharersNow()).pollMs > ROOMY_POLL_MS;
    },
  };
}

/** The most urgent first. */
const URGENCIES: readonly Urgency[] = ['heartbeat', 'traffic', 'idle', 'start'];
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
