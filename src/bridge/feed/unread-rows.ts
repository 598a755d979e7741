import type { InboxState } from '../../domain/inbox/inbox-state.ts';
import type { FeedQuery, WorkspacePlatform } from '../../domain/ports/platform.ts';
import { isRecord } from '../../domain/record.ts';
import { toMicros } from '../../domain/time.ts';

/** The backlog as the server sees it: rows behind the stored cursor, or above the floor where no cursor is stored yet. */
export interface UnreadRows {
  /** Those that were never read here; at most a page is counted. */
  readonly unread: number;
  readonly isPageFull: boolean;
}

/** Asks what was not read; null before the feed's first look. Takes nothing, so it may be asked at any time. */
export async function countUnread(
  platform: Pick<WorkspacePlatform, 'readActivity'>,
  { feed, seen }: Readonly<Pick<InboxState, 'feed' | 'seen'>>,
  nowMs: number,
  signal: AbortSignal,
): Promise<UnreadRows | null> {
  if (!feed) return null;
  const { rows } = await platform.readActivity({ ...behind(feed, nowMs), limit: PAGE }, signal);
  const unread = rows.filter(
    (row) =>
      isRecord(row) &&
      !(typeof row.id === 'string' && seen.has(row.id)) &&
      (toMicros(String(row.created_at)) ?? feed.floorMicros) >= feed.floorMicros,
  );
  return { unread: unread.length, isPageFull: rows.length >= PAGE };
}

function behind(
  { cursor, floorMicros }: NonNullable<InboxState['feed']>,
  nowMs: number,
): Omit<FeedQuery, 'limit'> {
  if (cursor) return { sinceId: cursor.id };
  const secs = Math.ceil(nowMs / 1000 - floorMicros / 1_000_000);
  return { sinceSecs: Math.min(Math.max(secs, 0) + CLOCKS_DIFFER_SECS, LONGEST_SECS) };
}

const PAGE = 500;
const CLOCKS_DIFFER_SECS = 60;
/** The server looks back no further (§4.1). */
const LONGEST_SECS = 2_592_000;
