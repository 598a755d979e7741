import type { FeedState } from '../inbox/inbox-state.ts';
import type { FeedQuery } from '../ports/platform.ts';
import { fromMicros } from '../time.ts';
import type { CursorRules, FeedPosition } from './cursor-position.ts';

/**
 * Why a page is asked for. Ascending, after a row: `follow`, `reread`. Newest first: `open`, `sweep`, `walk`.
 */
export type PagePurpose =
  /** What came after the newest row seen: the ordinary poll. */
  | 'follow'
  /** What came after the stored cursor: the lag once more, and then on to the newest. */
  | 'reread'
  /** The first look of all: the backlog. */
  | 'open'
  /** The newest page, on the way down to the floor. */
  | 'sweep'
  /** The page below the stored cursor, or below the oldest row met so far: a sweep for which the newest page was not enough. */
  | 'walk';

/** The next page to ask for, and why. */
export interface PagePlan {
  readonly purpose: PagePurpose;
  readonly query: FeedQuery;
}

/**
 * Chooses the next page of a feed (§4, §13). Each poll asks for one page and goes on only while `afterPage` says
 * `more`. Repairs take the place of a `follow` and read on to the newest row, so on a feed whose last ten minutes fit in
 * one page they cost no request of their own; on busier ones they are put off by `pausePerPageMs` a page.
 *
 * How each race of §13 is closed:
 * - 1 (equal `created_at`) and 3 (commit after a younger row was read): `reread` asks from the stored cursor, at least
 *   `lagMs` behind, every `rereadEveryMs` while newer rows were seen; what is later still, `sweep` finds.
 * - 2 (a tie across a page's edge): `afterPage` goes on from the last row that is strictly older than the page's last.
 * - 4 (the rows of a large upload, readable minutes after their time): `sweep` reads down to the floor every
 *   `sweepEveryMs` until one began `lateMs` after the newest row. An idle feed is not swept.
 * - 5 (a 200 before the row exists): the row comes with a later `follow`.
 * - 6 and 7 (more than a page after a 410 or at the first start): `walk` goes down page by page, then `follow` comes up.
 *   Above a stored cursor nothing need be walked: `follow` passes there anyway.
 * - 8 (a pruned cursor): `afterFailure` forgets the place, `sweep` finds another; the floor and the known ids stay.
 * - 11 (the database's clock steps back): as 1 and 3, for steps up to `lateMs`.
 * - 9, 10 and 12 happen before a row is served: no cursor can see them.
 *
 * `nowMs` may be any clock that does not step back. `stored` is null before the feed was opened.
 */
export function planPage(
  position: FeedPosition,
  stored: FeedState | null,
  nowMs: number,
  rules: CursorRules,
): PagePlan {
  const limit = rules.pageLimit;
  if (stored === null) return { purpose: 'open', query: { limit } };
  const { at, walk } = position;
  if (walk !== null) {
    return { purpose: 'walk', query: { beforeTs: fromMicros(walk.beforeMicros), limit } };
  }
  if (at === null) return { purpose: 'sweep', query: { limit } };
  if (position.caughtUp) {
    const mayComeLate =
      position.sweptMicros === null || position.sweptMicros < at.atMicros + rules.lateMs * 1000;
    if (mayComeLate && nowMs >= position.sweepDueMs) return { purpose: 'sweep', query: { limit } };
    if (nowMs >= position.rereadDueMs) {
      if (stored.cursor === null) return { purpose: 'sweep', query: { limit } };
      if (stored.cursor.atMicros < at.atMicros)
        return { purpose: 'reread', query: { sinceId: stored.cursor.id, limit } };
    }
  }
  return { purpose: 'follow', query: { sinceId: at.id, limit } };
}
