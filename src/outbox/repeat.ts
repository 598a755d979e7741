import { setTimeout as pause } from 'node:timers/promises';
import { PlatformError } from '../domain/wire/platform-error.ts';

/**
 * Whether the platform surely did nothing: no connection came about, or it counted one request too many (§1.5).
 * Everything else that broke may have been carried out, with only the reply lost (W-13).
 */
export function surelyNotDone(error: unknown): boolean {
  if (!(error instanceof PlatformError)) return false;
  return (
    error.kind === 'rate-limited' ||
    (error.status === 0 && error.kind === 'unavailable' && NO_CONNECTION.test(error.message))
  );
}

/** Whether the request may have been carried out although it failed: its reply was lost, late, cut or unreadable. */
export function perhapsDone(error: unknown): boolean {
  if (!(error instanceof PlatformError) || surelyNotDone(error)) return false;
  if (error.kind === 'unavailable') return error.status === 0 || LOST_ON_THE_WAY.has(error.status);
  return error.kind === 'timed-out' || error.kind === 'malformed' || error.kind === 'aborted';
}

/** Does it again after a pause while `mayRepeat` allows; a `Retry-After` longer than the last pause is left to the caller. */
export async function repeating<Result>(
  act: () => Promise<Result>,
  options: {
    readonly mayRepeat: (error: unknown) => boolean;
    readonly pausesMs: readonly number[];
    readonly signal: AbortSignal;
  },
): Promise<Result> {
  const { mayRepeat, pausesMs, signal } = options;
  for (const pauseMs of pausesMs) {
    try {
      return await act();
    } catch (error) {
      const asked = error instanceof PlatformError ? (error.retryAfterMs ?? 0) : 0;
      if (signal.aborted || !mayRepeat(error) || asked > LONGEST_PAUSE_MS) throw error;
      await pause(Math.max(pauseMs, asked), undefined, { signal });
    }
  }
  return act();
}

/** How the platform adapter tells that no connection came about. */
const NO_CONNECTION = /\((ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)\)$/;

/** A proxy on the way gave up waiting; the platform behind it may not have. */
const LOST_ON_THE_WAY: ReadonlySet<number> = new Set([408, 504, 522, 524]);

const LONGEST_PAUSE_MS = 5_000;
