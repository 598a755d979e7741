/** How pauses grow while something keeps failing. */
export interface BackoffPolicy {
  /** The longest pause after a first failure, in milliseconds; it doubles with each further failure. */
  readonly firstMs: number;
  /** No pause of our own grows beyond this; a server's `Retry-After` may. */
  readonly maxMs: number;
  /**
   * `equal` keeps half of each pause and draws the rest: gaps grow for certain (requests that matter one by one).
   * `full` draws the whole pause: it spreads a crowd best (streams that a server's restart cuts all at once).
   */
  readonly jitter: 'equal' | 'full';
}

/** What one pause is computed from. */
export interface BackoffRequest {
  readonly policy: BackoffPolicy;
  /** Failures in a row so far, this one included: 1, 2, 3 … */
  readonly failures: number;
  /** A number in [0, 1), drawn by the caller: the rule itself is pure. */
  readonly random: number;
  /** What the server's `Retry-After` asked for (protocol.md §1.5), null without one. */
  readonly retryAfterMs?: number | null;
}

/**
 * The pause before the next try, in whole milliseconds (W-28).
 * Never shorter than what the server asked for: the jitter comes on top of it, so that those who were refused together
 * do not return together. Asking for more than an hour counts as an hour.
 */
export function backoffMs({ policy, failures, random, retryAfterMs }: BackoffRequest): number {
  const ceiling = Math.min(policy.maxMs, policy.firstMs * 2 ** Math.min(failures - 1, MAX_DOUBLINGS));
  const ownMs = policy.jitter === 'full' ? ceiling * random : ceiling * (0.5 + 0.5 * random);
  if (retryAfterMs === undefined || retryAfterMs === null) return Math.round(ownMs);
  const askedMs = Math.min(Math.max(retryAfterMs, 0), MAX_RETRY_AFTER_MS);
  return Math.round(Math.max(ownMs, askedMs + random * Math.min(askedMs / 10, MAX_SPREAD_MS)));
}

/** Beyond this a server's wish is a mistake or an attack; far below where a timer of Node's would overflow. */
const MAX_RETRY_AFTER_MS = 3_600_000;
const MAX_SPREAD_MS = 5_000;
/** 2 ** 30 is larger than any sensible `maxMs / firstMs`, and no overflow. */
const MAX_DOUBLINGS = 30;
