import { setTimeout as pause } from 'node:timers/promises';
import { PlatformError } from '../domain/wire/platform-error.ts';
import { perhapsDone } from './fate.ts';

/**
 * Does it again after a pause while `mayRepeat` allows; a `Retry-After` longer than the last pause is left to the caller.
 * Of several failures it rejects with the first after which it may have been carried out, whatever came of later tries.
 */
export async function repeating<Result>(
  act: () => Promise<Result>,
  options: {
    readonly mayRepeat: (error: unknown) => boolean;
    readonly pausesMs: readonly number[];
    readonly signal: AbortSignal;
  },
): Promise<Result> {
  const { mayRepeat, pausesMs, signal } = options;
  let unclear: unknown;
  for (let turn = 0; ; turn += 1) {
    try {
      return await act();
    } catch (error) {
      if (perhapsDone(error)) unclear ??= error;
      const pauseMs = pausesMs[turn];
      const asked = error instanceof PlatformError ? (error.retryAfterMs ?? 0) : 0;
      const isOver = pauseMs === undefined || asked > LONGEST_PAUSE_MS || signal.aborted;
      if (isOver || !mayRepeat(error)) throw unclear ?? error;
      await pause(Math.max(pauseMs, asked), undefined, { signal });
    }
  }
}

const LONGEST_PAUSE_MS = 5_000;
