import type { FeedPoint } from '../events.ts';

/** The measures of the cursor plan; the defaults are {@link defaultCursorRules}. */
export interface CursorRules {
  /** Rows per page; the server caps it at 500 (§4.1). */
  readonly pageLimit: number;
  /** How far the stored cursor stays behind the server's clock, milliseconds. */
  readonly lagMs: number;
  /** How long after its `created_at` a row may still become readable, milliseconds (§13, races 3 and 4). */
  readonly lateMs: number;
  /** The lag is read again at most this often, milliseconds. */
  readonly rereadEveryMs: number;
  /** The time down to the floor is swept at most this often, milliseconds. */
  readonly sweepEveryMs: number;
  /** Each page of a repair puts the next one off by this much, so that repairs stay a small part of the request budget. */
  readonly pausePerPageMs: number;
  /** How far back a first start looks, milliseconds. */
  readonly backlogMs: number;
}

/** The measures in use unless the user configures others. */
export const defaultCursorRules: CursorRules = {
  pageLimit: 500,
  lagMs: 30_000,
  lateMs: 600_000,
  rereadEveryMs: 10_000,
  sweepEveryMs: 60_000,
  pausePerPageMs: 2_000,
  backlogMs: 600_000,
};

/**
 * Where this process stands in the feed, in memory only: a restart begins with {@link startPosition} and what is stored.
 * It changes from page to page, so a read that fails goes on where it was.
 */
export interface FeedPosition {
  /** The row after which the next page is asked for: the newest row seen, once caught up; null before any was found. */
  readonly at: FeedPoint | null;
  /** Whether the last page was short, so that everything readable then has been read. */
  readonly caughtUp: boolean;
  /** A walk back that has not found its lower end yet. */
  readonly walk: WalkBack | null;
  /** The server's time at which the last completed sweep began, microseconds; null before the first. */
  readonly sweptMicros: number | null;
  /** When the lag may be read again, by the caller's clock. */
  readonly rereadDueMs: number;
  /** When a sweep may begin again, by the caller's clock. */
  readonly sweepDueMs: number;
  /** Pages that the repair under way has read; 0 when none is. */
  readonly repairPages: number;
}

/** A sweep on its way down: bodies are let go, only this is kept, so memory does not grow with the outage. */
export interface WalkBack {
  /** The server's time at the walk's first page, microseconds; null when the server told none. */
  readonly startedMicros: number | null;
  /** The oldest row met so far. */
  readonly oldest: FeedPoint;
  /** The next page ends before this. */
  readonly beforeMicros: number;
  /** The next page ends before this, should that one be empty: the walk skipped down to a cursor that is pruned. */
  readonly elseMicros: number | null;
}

/** The position of a process that has read nothing yet: its first read is a sweep down to the floor. */
export function startPosition(): FeedPosition {
  return {
    at: null,
    caughtUp: true,
    walk: null,
    sweptMicros: null,
    rereadDueMs: 0,
    sweepDueMs: 0,
    repairPages: 0,
  };
}

/**
 * The position after a read failed. A 410 (`cursorGone`) drops the cursor and nothing else: the next read sweeps down to
 * the floor (§4.4, race 8). After any other failure the rows since then are read first, oldest first, and sweeps wait.
 */
export function afterFailure(position: FeedPosition, cursorGone: boolean): FeedPosition {
  return cursorGone ? startPosition() : { ...position, caughtUp: position.at === null };
}
