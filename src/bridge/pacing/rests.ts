import {
  affordableRests,
  LONGEST_HEARTBEAT_REST_MS,
  type Rest,
} from '../../domain/network/request-budget.ts';
import type { RequestBudget } from './request-budget.ts';

/** Whose rests these are, and in what company. */
export interface RestsParts {
  readonly budget: Pick<RequestBudget, 'stretch'>;
  /** Workspaces of this process, behind whatever addresses. */
  readonly crowd: number;
  /** Draws a phase, [0, 1). Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * How long one workspace rests between its polls and between its heartbeats, milliseconds: as long as it would by itself,
 * as the request budget of its address demands, or as the process can afford for so many.
 *
 * The first rest of each length is drawn, so that a crowd that started at once is spread over the period; every later one
 * keeps the period. A heartbeat's is drawn longer, since requests are scarce while a crowd starts, a poll's shorter, since
 * a message may wait for it. A workspace on its own keeps its period from the start.
 */
export function createRests({
  budget,
  crowd,
  random = Math.random,
}: RestsParts): (rest: Rest, ownMs: number) => number {
  const drawnFor: Record<Rest, number> = { poll: 0, heartbeat: 0 };
  const affordable = affordableRests(crowd);
  return (rest, ownMs) => {
    const wholeMs = budget.stretch(rest, Math.max(ownMs, affordable[rest]));
    if (crowd === 1 || drawnFor[rest] === wholeMs) return wholeMs;
    drawnFor[rest] = wholeMs;
    return rest === 'poll'
      ? wholeMs * (0.5 + 0.5 * random())
      : Math.min(wholeMs * (1 + random()), LONGEST_HEARTBEAT_REST_MS);
  };
}
