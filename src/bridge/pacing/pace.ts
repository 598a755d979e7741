import { asyncScheduler, type SchedulerLike } from 'rxjs';
import type { Clock } from '../../domain/ports/runtime.ts';

/** What a workspace's streams are timed by; a replay gives its own, so that the same rows come to the same again. */
export interface Pace {
  /** Runs every timer of the streams. */
  readonly scheduler: SchedulerLike;
  /** Draws jitter, [0, 1). */
  readonly random: () => number;
  /** A clock that does not step back, milliseconds. */
  readonly steadyMs: Clock;
}

/** The pace of the world. */
export const realPace: Pace = {
  scheduler: asyncScheduler,
  random: Math.random,
  steadyMs: () => performance.now(),
};
