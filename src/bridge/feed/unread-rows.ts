import type { InboxState } from '../../domain/inbox/inbox-state.ts';
import type { WorkspacePlatform } from '../../domain/ports/platform.ts';
import { isRecord } from '../../domain/record.ts';

/** The backlog as the server sees it: rows behind the stored cursor. */
export interface UnreadRows {
  /** Those that were never read here; at most a page is counted. */
  readonly unread: number;
  readonly isPageFull: boolean;
}

/** Asks what came after the stored cursor; null when none is stored yet. Takes nothing, so it may be asked at any time. */
export async function countUnread(
  platform: Pick<WorkspacePlatform, 'readActivity'>,
  state: Readonly<Pick<InboxState, 'feed' | 'seen'>>,
  signal: AbortSignal,
): Promise<UnreadRows | null> {
  const cursor = state.feed?.cursor;
  if (!cursor) return null;
  const { rows } = await platform.readActivity({ sinceId: cursor.id, limit: PAGE }, signal);
  const unread = rows.filter(
    (row) => !(isRecord(row) && typeof row.id === 'string' && state.seen.has(row.id)),
  );
  return { unread: unread.length, isPageFull: rows.length >= PAGE };
}

const PAGE = 500;
