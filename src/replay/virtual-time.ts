import { VirtualTimeScheduler } from 'rxjs';
import type { ActorOptions, AnyActorLogic } from 'xstate';
import type { Pace } from '../bridge/pacing/pace.ts';
import type { Clock } from '../domain/ports/runtime.ts';

/**
 * Time that passes only when told to, one and the same for streams and machines: XState's timers are actions of RxJS's
 * virtual scheduler, so their order among each other is as fixed as the order among themselves.
 */
export interface VirtualTime {
  /** The wall clock, milliseconds since the epoch. */
  readonly now: Clock;
  readonly pace: Pace;
  readonly machineClock: NonNullable<ActorOptions<AnyActorLogic>['clock']>;
  /** Calls `work` at a time, at once if that has passed. */
  at(atMs: number, work: () => void): void;
  /** Resolves at a time; rejects with the signal's reason when that fires. */
  sleepUntil(atMs: number, signal: AbortSignal): Promise<void>;
  /** Lets time pass up to `endMs`, everything that follows from one instant done before the next; sooner if `enough`. */
  runUntil(endMs: number, enough?: () => boolean): Promise<void>;
}

/** Virtual time that begins at `startMs`; every random draw is the same one. */
export function createVirtualTime(startMs: number, draw = 0.5): VirtualTime {
  const scheduler = new VirtualTimeScheduler();
  const now = () => startMs + scheduler.frame;
  const at = (atMs: number, work: () => void) => scheduler.schedule(work, Math.max(0, atMs - now()));

  return {
    now,
    pace: { scheduler, random: () => draw, steadyMs: () => scheduler.frame },
    machineClock: {
      setTimeout: (work, delayMs) => scheduler.schedule(() => work(), delayMs),
      clearTimeout: (timer: { unsubscribe(): void } | undefined) => timer?.unsubscribe(),
    },
    at,
    sleepUntil(atMs, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const stop = () => {
          timer.unsubscribe();
          reject(signal.reason);
        };
        const timer = at(atMs, () => {
          signal.removeEventListener('abort', stop);
          resolve();
        });
        signal.addEventListener('abort', stop, { once: true });
      });
    },
    async runUntil(endMs, enough = () => false) {
      await settled();
      for (let next = scheduler.actions[0]; next && !enough(); next = scheduler.actions[0]) {
        if (startMs + next.delay > endMs) break;
        scheduler.maxFrames = next.delay;
        scheduler.flush();
        await settled();
      }
      if (!enough()) scheduler.frame = Math.max(scheduler.frame, endMs - startMs);
    },
  };
}

/** Promises that follow from what just happened have all run by the event loop's next turn. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
