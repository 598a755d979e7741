import type { SchedulerLike, Subscription } from 'rxjs';

/** Work that many reasons ask for, and that is done once for all of them. */
export interface Errand {
  /** There is a reason to do it. */
  ask(): void;
  /** Aborts what is under way; nothing follows. */
  end(): void;
}

/** How an errand is done. */
export interface ErrandParts {
  /** What it rejects with is let go. */
  readonly work: (signal: AbortSignal) => Promise<void>;
  /** It begins so long after it was asked for, once for all who ask until then, milliseconds. */
  readonly afterMs: number;
  /** What an ask does while the work is under way: has it done once more afterwards, or aborts it and has it done anew. */
  readonly askedMeanwhile: 'once more' | 'anew';
  /** The pause before it is done once more, milliseconds; default as `afterMs`. */
  readonly againAfterMs?: number;
  readonly scheduler: SchedulerLike;
}

/**
 * An errand that nobody has asked for yet. Between two of them it holds next to nothing, a stream with the same manners some
 * KiB: a thousand quiet workspaces wait with several of these each.
 */
export function createErrand(parts: ErrandParts): Errand {
  const { work, afterMs, againAfterMs = afterMs, scheduler } = parts;
  let start: Subscription | null = null;
  let running: AbortController | null = null;
  let isOwed = false;
  let ended = false;

  function ask(): void {
    if (running && parts.askedMeanwhile === 'once more') isOwed = true;
    else begin(afterMs);
  }

  function begin(inMs: number): void {
    if (ended || start) return;
    running?.abort();
    start = scheduler.schedule(run, inMs);
  }

  function run(): void {
    const controller = new AbortController();
    start = null;
    running = controller;
    isOwed = false;
    work(controller.signal)
      .catch(() => {})
      .finally(() => {
        if (running !== controller) return;
        running = null;
        if (isOwed) begin(againAfterMs);
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
