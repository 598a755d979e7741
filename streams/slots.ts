import { type MonoTypeOperatorFunction, Observable, type Subscription } from 'rxjs';

/** A fixed number of places that several streams share; made by {@link createSlots}, used through {@link withSlot}. */
export interface Slots {
  /** Calls `start` as soon as a place is free, at once if one is; the result gives the place, or the turn, back. */
  enter(start: () => void): () => void;
}

/** `limit` places, given out in the order of asking. */
export function createSlots(limit: number): Slots {
  const waiting = new Map<symbol, () => void>();
  const active = new Set<symbol>();
  let starting = false;
  // A loop, not a recursion: work that ends within its own start frees its place for the next turn of the loop.
  function startNext(): void {
    if (starting) return;
    starting = true;
    for (const [ticket, start] of waiting) {
      if (active.size >= limit) break;
      waiting.delete(ticket);
      active.add(ticket);
      start();
    }
    starting = false;
  }
  return {
    enter(start) {
      const ticket = Symbol();
      waiting.set(ticket, start);
      startNext();
      return () => {
        waiting.delete(ticket);
        if (active.delete(ticket)) startNext();
      };
    },
  };
}

/**
 * Subscribes to the source once a place is free and gives the place back when the source ends, fails or is unsubscribed.
 * Of two limits take the narrower one last in the pipe: `work.pipe(withSlot(shared), withSlot(own))` waits for its own
 * place before it queues for a shared one, so whoever has much to do never holds more than its own limit of the queue.
 */
export function withSlot<T>(slots: Slots): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable<T>((subscriber) => {
      let work: Subscription | undefined;
      const leave = slots.enter(() => {
        work = source.subscribe({
          next: (value) => subscriber.next(value),
          error: (error) => subscriber.error(error),
          complete: () => subscriber.complete(),
        });
      });
      return () => {
        work?.unsubscribe();
        leave();
      };
    });
}
