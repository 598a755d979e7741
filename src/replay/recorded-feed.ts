import type { FeedPage, FeedQuery } from '../domain/ports/platform.ts';
import { toMicros } from '../domain/time.ts';
import { PlatformError } from '../domain/wire/platform-error.ts';
import type { Script, ScriptedRow } from './script.ts';

/**
 * Serves a script's rows as the platform would have at that moment (§4.1, §4.2, §4.4): only what is readable by then, in
 * the server's order. Rows that carry `seq` are ordered and compared by it within one timestamp (§15.4).
 *
 * A recording holds no more than the bridge was given. So what was given late, after a younger row, comes when it came
 * then, wherever the replay stands; and a cursor that is older than the recording was not gone.
 */
export function createRecordedFeed(
  { rows, recorded }: Pick<Script, 'rows' | 'recorded'>,
  nowMs: () => number,
): (query: FeedQuery) => FeedPage {
  const ordered = inServersOrder(rows);
  const given = new Set<ScriptedRow>();

  function isAfter(sinceId: string): (row: ScriptedRow) => boolean {
    const cursor = ordered.find((row) => row.id === sinceId);
    if (recorded !== null)
      return (row) => !given.has(row) || (cursor !== undefined && isYounger(row, cursor));
    if (cursor) return (row) => isYounger(row, cursor);
    throw new PlatformError('cursor-gone', 'the recording has no row of that id', { status: 410 });
  }

  return (query) => {
    const nowMicros = nowMs() * 1000;
    const before = query.beforeTs === undefined ? Number.POSITIVE_INFINITY : toMicros(query.beforeTs);
    const notBefore = query.sinceSecs === undefined ? 0 : nowMicros - query.sinceSecs * 1_000_000;
    const readable = ordered.filter(
      (row) =>
        row.visibleMicros <= nowMicros && row.createdMicros < (before ?? 0) && row.createdMicros >= notBefore,
    );
    const wanted = query.sinceId === undefined ? readable.reverse() : readable.filter(isAfter(query.sinceId));
    const page = wanted.slice(0, query.limit);
    for (const row of page) given.add(row);
    return { rows: page.map(({ raw }) => raw), serverNowMicros: Math.floor(nowMicros / 1e6) * 1e6 };
  };
}

function inServersOrder(rows: readonly ScriptedRow[]): readonly ScriptedRow[] {
  return rows
    .map((row, place) => ({ row, place }))
    .sort(
      (a, b) =>
        a.row.createdMicros - b.row.createdMicros ||
        (a.row.seq ?? 0) - (b.row.seq ?? 0) ||
        // Scripts hold the newest first.
        b.place - a.place,
    )
    .map(({ row }) => row);
}

function isYounger({ createdMicros, seq }: ScriptedRow, than: ScriptedRow): boolean {
  return (
    createdMicros > than.createdMicros ||
    (createdMicros === than.createdMicros && seq !== null && than.seq !== null && seq > than.seq)
  );
}
