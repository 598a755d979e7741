import type { FeedPoint } from '../events.ts';
import { isUuid } from '../ids.ts';
import { readRow } from '../wire/row.ts';

/** A row as served, with its time and, if it can be a cursor, its place. */
export interface PlacedRow {
  readonly raw: unknown;
  /** Microseconds since the epoch; null when that cannot be read. */
  readonly atMicros: number | null;
  readonly point: FeedPoint | null;
}

/** Finds a row's place. One without a UUID can be no cursor: the server answers such a `since_id` with 500 for ever (W-23). */
export function place(raw: unknown): PlacedRow {
  const reading = readRow(raw);
  if (!reading.ok) return { raw, atMicros: reading.unreadable.atMicros || null, point: null };
  const { id, atMicros, seq } = reading.row;
  const point = { id, atMicros, ...(seq === null ? {} : { seq }) };
  return { raw, atMicros, point: isUuid(id) ? point : null };
}

/** The places of those rows that have one, in their order. */
export function pointsOf(rows: readonly PlacedRow[]): FeedPoint[] {
  return rows.flatMap(({ point }) => (point === null ? [] : [point]));
}

/** The youngest place; of several of one time the one with the largest `seq` (§15.4), the last where there is none. */
export function newest(points: readonly FeedPoint[]): FeedPoint | null {
  return points.reduce<FeedPoint | null>(
    (best, point) => (best === null || isBefore(best, point) ? point : best),
    null,
  );
}

function isBefore(one: FeedPoint, other: FeedPoint): boolean {
  if (one.atMicros !== other.atMicros) return one.atMicros < other.atMicros;
  return one.seq === undefined || other.seq === undefined || one.seq < other.seq;
}

/** The youngest place that is older than `last`. */
export function newestBefore(points: readonly FeedPoint[], last: FeedPoint | null): FeedPoint | null {
  return last === null ? null : newest(points.filter((point) => point.atMicros < last.atMicros));
}

/** The oldest place. */
export function oldest(points: readonly FeedPoint[]): FeedPoint | null {
  return points.reduce<FeedPoint | null>(
    (best, point) => (best === null || point.atMicros < best.atMicros ? point : best),
    null,
  );
}
