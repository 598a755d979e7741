import type { Clock } from '../../domain/ports/runtime.ts';

/** What watching takes. */
export interface SleepWatchParts {
  /** Called once after each sleep, as soon as the process runs again; with how long it slept, milliseconds. */
  readonly onWoken: (sleptMs: number) => void;
  /** The wall clock: others stand still while a laptop sleeps. */
  readonly clock: Clock;
}

/**
 * Notices that the laptop slept, or that the process was stopped: a timer that comes more than 10 s late. What was held
 * open is not to be trusted then, and what was due is due at once. Returns what ends it; keeps no process alive.
 */
export function watchSleep({ onWoken, clock }: SleepWatchParts): () => void {
  let expectedAtMs = clock() + LOOK_EVERY_MS;
  const timer = setInterval(() => {
    const lateMs = clock() - expectedAtMs;
    expectedAtMs = clock() + LOOK_EVERY_MS;
    if (lateMs > ASLEEP_ABOVE_MS) onWoken(lateMs);
  }, LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

const LOOK_EVERY_MS = 2_000;
const ASLEEP_ABOVE_MS = 10_000;
