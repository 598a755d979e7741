import type { IncomingHttpHeaders } from 'node:http';
import { retryAfterMs } from './retry-after.ts';

/** What a reply told about the request budget that everybody behind our address or token shares (§1.5, §15.2). */
export interface RequestBudget {
  /** Requests a window; `Infinity` when the server says `unlimited`, null when it did not say. */
  readonly limit: number | null;
  /** Requests left in this window. */
  readonly remaining: number;
  /** Until the window begins anew, milliseconds; after a 429 what `Retry-After` asks for, at least 1 s. */
  readonly resetMs: number;
}

/** Reads the budget from a reply's headers; null when it has none. */
export function readBudget(status: number, headers: IncomingHttpHeaders): RequestBudget | null {
  const said = headers['x-ratelimit-limit'];
  const limit = said === 'unlimited' ? Number.POSITIVE_INFINITY : count(said);
  if (status === 429) {
    const resetMs = (count(headers['x-ratelimit-reset']) ?? 0) * 1000;
    return {
      limit,
      remaining: 0,
      resetMs: Math.max(retryAfterMs(headers['retry-after'], headers.date) ?? 1000, resetMs),
    };
  }
  if (limit === Number.POSITIVE_INFINITY) return { limit, remaining: limit, resetMs: 0 };
  const remaining = count(headers['x-ratelimit-remaining']);
  const reset = count(headers['x-ratelimit-reset']);
  return remaining === null || reset === null ? null : { limit, remaining, resetMs: reset * 1000 };
}

function count(header: string | string[] | undefined): number | null {
  return typeof header === 'string' && /^\d{1,9}$/.test(header) ? Number(header) : null;
}
