import type { FeedPage, FeedQuery } from '../domain/ports/platform.ts';
import { toMicros } from '../domain/time.ts';
import { PlatformError } from '../domain/wire/platform-error.ts';
import type { ScriptedRow } from './script.ts';

/**
 * Serves recorded rows as the platform would have at that moment (§4.1, §4.2, §4.4): only what is readable by then, in
 * the server's order. Rows that carry `seq` are ordered and compared by it within one timestamp (§15.4).
 */
export function createRecordedFeed(
  rows: readonly ScriptedRow[],
  nowMs: () => number,
): (query: FeedQuery) => FeedPage {
  const ordered = rows
    .map((row, place) => ({ row, place }))
    .sort(
      (a, b) =>
        a.row.createdMicros - b.row.createdMicros ||
        (a.row.seq ?? 0) - (b.row.seq ?? 0) ||
        // Recordings hold the newest first.
        b.place - a.place,
    )
    .map(({ row }) => row);

  return (query) => {
    const nowMicros = nowMs() * 1000;
    const before = query.beforeTs === undefined ? Number.POSITIVE_INFINITY : toMicros(query.beforeTs);
    const notBefore = query.sinceSecs === undefined ? 0 : nowMicros - query.sinceSecs * 1_000_000;
    const readable = ordered.filter(
      (row) =>
        row.visibleMicros <= nowMicros && row.createdMicros < (before ?? 0) && row.createdMicros >= notBefore,
    );
    const page =
      query.sinceId === undefined ? readable.reverse() : readable.filter(after(ordered, query.sinceId));
    return {
      rows: page.slice(0, query.limit).map(({ raw }) => raw),
      serverNowMicros: Math.floor(nowMicros / 1e6) * 1e6,
    };
  };
}

function after(rows: readonly ScriptedRow[], id: string): (row: ScriptedRow) => boolean {
  const cursor = rows.find((row) => row.id === id);
  if (!cursor) throw new PlatformError('cursor-gone', 'the recording has no row of that id', { status: 410 });
  return ({ createdMicros, seq }) =>
    createdMicros > cursor.createdMicros ||
    (createdMicros === cursor.createdMicros && seq !== null && cursor.seq !== null && seq > cursor.seq);
}
