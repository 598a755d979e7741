import { affordableRests, type Rest, safetyPollRestMs } from '../../domain/network/rests.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import type { RequestBudget } from './request-budget.ts';

/** Whose rests these are, and in what company. */
export interface RestsParts {
  readonly budget: Pick<RequestBudget, 'stretch'>;
  /** Workspaces of this process, behind whatever addresses. */
  readonly crowd: number;
  /** Draws a phase, [0, 1). Default `Math.random`. */
  readonly random?: () => number;
  /** Milliseconds that run on whatever the wall clock does; default the process's. */
  readonly steadyMs?: Clock;
}

/**
 * How long one workspace rests between its polls and between its heartbeats, milliseconds: as long as it would by itself,
 * as the request budget of its address demands, or as the process can afford for so many.
 *
 * The first rest of each length is drawn from the second half of the period, so that a crowd that started at once is
 * spread; every later one keeps the period, but for a tick. A workspace on its own keeps its period from the start.
 *
 * Long rests of a crowd end on common ticks: ten requests every two seconds cost half of what five each second do, since
 * between them a processor forgets what it was at.
 */
export function createRests({
  budget,
  crowd,
  random = Math.random,
  steadyMs = () => performance.now(),
}: RestsParts): (rest: Rest, ownMs: number) => number {
  const drawnFor: Record<Rest, number> = { poll: 0, heartbeat: 0 };
  const affordable = affordableRests(crowd);
  return (rest, ownMs) => {
    const isSafetyPoll = rest === 'poll' && ownMs >= LONG_MS;
    const affordableMs = Math.max(affordable[rest], isSafetyPoll ? safetyPollRestMs(crowd) : 0);
    const wholeMs = budget.stretch(rest, Math.max(ownMs, affordableMs));
    if (crowd === 1) return wholeMs;
    const isDrawn = drawnFor[rest] === wholeMs;
    drawnFor[rest] = wholeMs;
    const restMs = isDrawn ? wholeMs : wholeMs * (0.5 + 0.5 * random());
    return wholeMs < LONG_MS ? restMs : toTick(restMs, steadyMs());
  };
}

/** To the nearest tick, so that what keeps a period stays on it. */
function toTick(restMs: number, nowMs: number): number {
  return Math.round((nowMs + restMs) / TICK_MS) * TICK_MS - nowMs;
}

const TICK_MS = 2_000;
/** Shorter ones are of polls that look for messages themselves, while no wake-up stream does. */
const LONG_MS = 20_000;
