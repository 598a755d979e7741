import { type BackoffPolicy, backoffMs } from '../../src/domain/network/backoff.ts';
import type { Failure, FailureKind } from '../failure.ts';

/** The works of a workspace that can fail, each for itself. */
export type Work = 'acquire' | 'register' | 'heartbeat' | 'feed' | 'wakeUps' | 'confirm';

/** Work that fails at present. */
export interface Trouble {
  readonly kind: FailureKind;
  /** The last error's text. */
  readonly text: string;
  /** Failures in a row. */
  readonly failures: number;
  /** When the last of them came, milliseconds since the epoch. */
  readonly atMs: number;
  /** The pause after it. */
  readonly retryInMs: number;
  /** Not to be tried before, even if the clock jumps: the server's `Retry-After`; 0 when it asked for none. */
  readonly notBeforeMs: number;
}

/** What fails at present; works that succeed are absent. */
export type Troubles = { readonly [W in Work]?: Trouble };

/** The trouble that follows from one more failure: pauses grow until a success forgets them. */
export function worsen(
  before: Trouble | undefined,
  work: Work,
  failure: Failure,
  random: number,
  atMs: number,
): Trouble {
  const failures = (before?.failures ?? 0) + 1;
  return {
    kind: failure.kind,
    text: failure.text,
    failures,
    atMs,
    retryInMs: backoffMs({ policy: PAUSES[work], failures, random, retryAfterMs: failure.retryAfterMs }),
    notBeforeMs: failure.retryAfterMs === null ? 0 : atMs + failure.retryAfterMs,
  };
}

/** A record by work, without one of them. */
export function without<T>(byWork: { readonly [W in Work]?: T }, work: Work): { readonly [W in Work]?: T } {
  const { [work]: _, ...others } = byWork;
  return others;
}

/** The trouble that came last, if any. */
export function latestTrouble(troubles: Troubles): Trouble | null {
  return Object.values(troubles).reduce<Trouble | null>(
    (latest, trouble) => (latest === null || trouble.atMs >= latest.atMs ? trouble : latest),
    null,
  );
}

/** What a work is called in a line for a person. */
export const WORK_NAMES: Readonly<Record<Work, string>> = {
  acquire: 'taking over delivery',
  register: 'registration',
  heartbeat: 'the heartbeat',
  feed: 'reading the feed',
  wakeUps: 'the wake-up stream',
  confirm: 'asking whether the workspace is still ours',
};

/**
 * Delivery is to change hands within 5 s. A heartbeat's pause stays well below the 90 s after which the platform calls
 * the agent gone (protocol.md §3.3). Streams are cut all at once when a server restarts.
 */
const PAUSES: Readonly<Record<Work, BackoffPolicy>> = {
  acquire: { firstMs: 500, maxMs: 4_000, jitter: 'equal' },
  register: { firstMs: 1_000, maxMs: 60_000, jitter: 'equal' },
  heartbeat: { firstMs: 2_000, maxMs: 40_000, jitter: 'equal' },
  feed: { firstMs: 2_000, maxMs: 60_000, jitter: 'equal' },
  wakeUps: { firstMs: 2_000, maxMs: 60_000, jitter: 'full' },
  confirm: { firstMs: 2_000, maxMs: 20_000, jitter: 'equal' },
};
