import type { InboxState } from '../../domain/inbox/inbox-state.ts';
import type { WorkspacePlatform } from '../../domain/ports/platform.ts';
import { isRecord } from '../../domain/record.ts';
import { type Attempt, attempt } from '../attempt.ts';

/** What lies behind the stored cursor. */
export interface FeedFacts {
  /** Rows that were never read here; at most a page is counted. */
  readonly unread: number;
  readonly isPageFull: boolean;
}

/** Asks what came after the stored cursor; null when none is stored yet. */
export async function askFeed(
  platform: WorkspacePlatform,
  state: InboxState | null,
  signal: AbortSignal,
): Promise<Attempt<FeedFacts> | null> {
  const cursor = state?.feed?.cursor;
  if (!state || !cursor) return null;
  const page = await attempt(platform.readActivity({ sinceId: cursor.id, limit: PAGE }, signal));
  if (!page.ok) return page;
  const { rows } = page.value;
  const unread = rows.filter(
    (row) => !(isRecord(row) && typeof row.id === 'string' && state.seen.has(row.id)),
  );
  return { ok: true, value: { unread: unread.length, isPageFull: rows.length >= PAGE } };
}

const PAGE = 500;
