import { asyncScheduler, Observable, type SchedulerLike, type Subscription } from 'rxjs';
import type { WakeUp } from '../src/domain/ports/platform.ts';

/** What following wake-ups needs of its surroundings. */
export interface WakeUpsDeps {
  /** Wake-ups closer together than this become one, milliseconds; 100 by default. */
  readonly coalesceMs?: number;
  readonly scheduler?: SchedulerLike;
}

/** What the stream says: it is alive, or something was written that is worth a poll. */
export type WakeUpHint = { readonly type: 'wakeUps.opened' } | { readonly type: 'feed.wake' };

/**
 * Turns the frames of a wake-up stream into hints to poll (§12.1): `wakeUps.opened` at its first frame (an answer
 * alone says little: a proxy may hold back every byte after it; our own heartbeats make a frame each), a `feed.wake` at
 * once for a frame that matters, and one for all others within `coalesceMs`. Frames carry no row id, so they move no cursor.
 * The poll that follows a second later, for late commits, is the workspace machine's to order.
 * Ends or fails as the stream does.
 */
export function wakeUps(frames: Observable<WakeUp>, deps: WakeUpsDeps = {}): Observable<WakeUpHint> {
  const { coalesceMs = 100, scheduler = asyncScheduler } = deps;
  // Written out, since each of a thousand quiet streams would hold the twenty subscribers of the same in operators.
  return new Observable((subscriber) => {
    let isOpen = false;
    let pause: Subscription | null = null;
    let wokenMeanwhile = false;

    function wake(): void {
      if (subscriber.closed) return;
      wokenMeanwhile = pause !== null;
      if (wokenMeanwhile) return;
      pause = scheduler.schedule(resume, coalesceMs);
      subscriber.next({ type: 'feed.wake' });
    }

    function resume(): void {
      pause = null;
      if (wokenMeanwhile) wake();
    }

    const following = frames.subscribe({
      next(frame) {
        if (frame.type === 'open') return;
        if (!isOpen) subscriber.next({ type: 'wakeUps.opened' });
        isOpen = true;
        if (isWorthAPoll(frame)) wake();
      },
      error: (error: unknown) => subscriber.error(error),
      complete() {
        if (wokenMeanwhile) subscriber.next({ type: 'feed.wake' });
        subscriber.complete();
      },
    });
    return () => {
      following.unsubscribe();
      pause?.unsubscribe();
    };
  });
}

/** Whether a frame tells of a row that may be for the agent (§12.1, §15.13); the set of types is open, most are not. */
export function isWorthAPoll({ type, data }: WakeUp): boolean {
  if (type === 'ACTIVITY_LOGGED') return data.activity_type === 'a2a_receive';
  return POLLED_FOR.has(type) || type.startsWith('REQUEST_');
}

/** A delegation's result raises no event of its own; its end does, an instant before. */
const POLLED_FOR = new Set(['DELEGATION_COMPLETE', 'DELEGATION_FAILED', 'BROADCAST_MESSAGE']);
