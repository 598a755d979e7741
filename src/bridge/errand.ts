import type { SchedulerLike, Subscription } from 'rxjs';

/** Work that many reasons ask for, and that is done once for all of them. */
export interface Errand {
  /** There is a reason to do it. */
  ask(): void;
  /** Aborts what is under way; nothing follows. */
  end(): void;
}

/**
 * Does work `afterMs` after it was asked for, once for all who ask until then; for those who ask while it is under way,
 * exactly once more. What it rejects with is let go. Between two errands it holds next to nothing, a stream with the same
 * manners some KiB: a thousand quiet workspaces wait with several of these each.
 */
export function createErrand(
  work: (signal: AbortSignal) => Promise<void>,
  afterMs: number,
  scheduler: SchedulerLike,
): Errand {
  let start: Subscription | null = null;
  let running: AbortController | null = null;
  let askedMeanwhile = false;
  let ended = false;

  function ask(): void {
    askedMeanwhile = running !== null;
    if (ended || askedMeanwhile || start) return;
    start = scheduler.schedule(run, afterMs);
  }

  function run(): void {
    start = null;
    const controller = new AbortController();
    running = controller;
    work(controller.signal)
      .catch(() => {})
      .finally(() => {
        running = null;
        if (askedMeanwhile) ask();
      });
  }

  return {
    ask,
    end() {
      ended = true;
      start?.unsubscribe();
      running?.abort();
    },
  };
}
