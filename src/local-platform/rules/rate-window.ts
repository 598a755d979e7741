/** One client's fixed window (§1.5): when it began and how much of it is used. */
export interface RateWindow {
  readonly beganMs: number;
  readonly used: number;
}

/** What a request costs: the window after it, whether it passes, and the figures for the headers. */
export interface RateVerdict {
  readonly window: RateWindow;
  readonly passes: boolean;
  readonly remaining: number;
  /** Whole seconds until the window resets, cut off: 0 in its last second. */
  readonly resetSeconds: number;
}

/** Length of a window. */
const rateWindowMs = 60_000;

/** Counts one request against a window, beginning a new one when the old is 60 s old (§1.5). */
export function spendRate(window: RateWindow | undefined, limit: number, nowMs: number): RateVerdict {
  const fresh = window === undefined || nowMs - window.beganMs >= rateWindowMs;
  const current = fresh ? { beganMs: nowMs, used: 0 } : window;
  const passes = current.used < limit;
  const used = passes ? current.used + 1 : current.used;
  return {
    window: { beganMs: current.beganMs, used },
    passes,
    remaining: limit - used,
    // The server measures after a moment of its own, so that a full minute never shows.
    resetSeconds: Math.floor((current.beganMs + rateWindowMs - nowMs - 1) / 1000),
  };
}
