import type { ActivityRow } from './activity-row.ts';
import type { FeedQuery } from './feed-query.ts';

/** The row a cursor names, as far as the order needs it. */
export type CursorRow = Pick<ActivityRow, 'createdAtMicros' | 'seq'>;

/**
 * Picks one page out of the readable rows of a workspace (§4.2): with a cursor the oldest rows after it, ascending;
 * without one the newest, descending.
 *
 * @param rows readable rows by `(createdAtMicros, seq)`, ascending.
 * @param bySeq whether `seq` breaks ties (HEAD). Without it (May) a cursor skips every row of its own microsecond and
 *   equal times come in order of insertion, whichever way the page runs.
 */
export function feedPage(
  rows: readonly ActivityRow[],
  query: FeedQuery,
  cursor: CursorRow | undefined,
  nowMicros: number,
  bySeq: boolean,
): ActivityRow[] {
  const oldestMicros = query.sinceSecs === undefined ? -Infinity : nowMicros - query.sinceSecs * 1_000_000;
  const matches = (row: ActivityRow): boolean =>
    row.createdAtMicros >= oldestMicros &&
    (query.type === undefined || row.activityType === query.type) &&
    (query.source === undefined || (query.source === 'canvas') === (row.sourceId === null)) &&
    (query.peerId === undefined || row.sourceId === query.peerId || row.targetId === query.peerId) &&
    (query.beforeMicros === undefined || row.createdAtMicros < query.beforeMicros) &&
    (cursor === undefined || isAfter(row, cursor, bySeq));

  const matching = rows.filter(matches);
  if (cursor === undefined) {
    matching.sort((a, b) => b.createdAtMicros - a.createdAtMicros || (bySeq ? b.seq - a.seq : 0));
  }
  return matching.slice(0, query.limit);
}

function isAfter(row: ActivityRow, cursor: CursorRow, bySeq: boolean): boolean {
  if (row.createdAtMicros !== cursor.createdAtMicros) return row.createdAtMicros > cursor.createdAtMicros;
  return bySeq && row.seq > cursor.seq;
}
