import type { EventData, FeedPoint } from '../events.ts';
import type { FeedState } from '../inbox/inbox-state.ts';
import type { FeedPage } from '../ports/platform.ts';
import type { PagePlan } from './cursor-plan.ts';
import type { CursorRules, FeedPosition } from './cursor-position.ts';
import { newest, newestBefore, oldest as oldestOf, type PlacedRow, place, pointsOf } from './feed-points.ts';

/** What a page gives to the ledger: one append, in this order. */
export interface FeedBatch {
  /** The feed's opening, on the first look only. */
  readonly opened: EventData<'feed.opened'> | null;
  /** Rows as served, oldest first, none older than the floor; known ones among them. */
  readonly rows: readonly unknown[];
  /** The stored cursor's move, last; null when it stays. */
  readonly advanced: EventData<'cursor.advanced'> | null;
}

/** What a page led to: `position` counts once the batch is durable. */
export interface PageOutcome {
  readonly batch: FeedBatch;
  readonly position: FeedPosition;
  /** Whether the next page should be asked for at once. */
  readonly more: boolean;
}

/** A page with everything that its outcome depends on. */
export interface PageRead {
  readonly plan: PagePlan;
  readonly page: FeedPage;
  /** Where the feed stood when the plan was made. */
  readonly position: FeedPosition;
  readonly stored: FeedState | null;
  readonly nowMs: number;
  readonly rules: CursorRules;
}

/**
 * Works out what a page means: which rows to take, where the cursor goes, where the next page begins.
 *
 * The stored cursor is the newest row taken that is at least `lagMs` older than the start of the last completed sweep
 * (server's clock). The floor is `lateMs` below it and never sinks. So every row below the floor had become readable
 * before that sweep began, and the sweep and the pages after it, which reach at least to the cursor, have taken it:
 * nothing can turn up below the floor (races 3 and 4), and ids need not be remembered there.
 */
export function afterPage(read: PageRead): PageOutcome {
  const rows = read.page.rows.map(place);
  const ascends = read.plan.purpose === 'follow' || read.plan.purpose === 'reread';
  return ascends ? ascended(read, rows) : descended(read, rows);
}

/** A page after a row: everything in it is taken; a full one is followed at once. */
function ascended(read: PageRead, rows: readonly PlacedRow[]): PageOutcome {
  const { position, stored, plan } = read;
  const from = plan.purpose === 'reread' ? (stored?.cursor ?? null) : position.at;
  const points = pointsOf(rows);
  const last = newest(points);
  // Rows that share the last one's time may continue on the next page: that time is read again (race 2), unless `seq` tells
  // them apart for the server too (§15.4). When the whole page is of one time there is nothing to step back to, and only
  // going on makes progress.
  const isTold = !isFull(read) || last?.seq !== undefined;
  const next = isTold ? last : (newestBefore(points, last) ?? last);
  if (isFull(read) && (next === null || next.id === from?.id)) {
    // A page without one row to go on from: the next read looks for a place beyond it from the top.
    return conclude(read, { ...position, at: null, caughtUp: true }, rows, points);
  }
  return conclude(read, { ...position, at: next ?? from, caughtUp: !isFull(read) }, rows, points);
}

/** A page from the top or before a time: the one that reaches the floor is taken, those above it come on the way up. */
function descended(read: PageRead, rows: readonly PlacedRow[]): PageOutcome {
  const { page, position, stored } = read;
  const points = pointsOf(rows);
  const top = newest(points);
  const oldest = oldestOf(points);
  const { walk } = position;
  const nowMicros = serverNow(page, top);
  const startedMicros = walk === null ? nowMicros : walk.startedMicros;
  const opened = stored === null ? opening(nowMicros, read.rules) : null;
  const onward = opened === null ? read : { ...read, opened, stored: stateOf(opened) };
  if (top === null && walk !== null && walk.elseMicros !== null) {
    return conclude(
      onward,
      { ...position, walk: { ...walk, beforeMicros: walk.elseMicros, elseMicros: null } },
      [],
      [],
    );
  }
  if (isFull(read) && oldest !== null && oldest.atMicros >= (onward.stored?.floorMicros ?? 0)) {
    // A whole page of one time cannot be asked for from below for sure, so its rows are taken here.
    const oneTime = top?.atMicros === oldest.atMicros;
    const belowMicros = oneTime ? oldest.atMicros : oldest.atMicros + 1;
    const cursorMicros = walk === null ? (stored?.cursor?.atMicros ?? belowMicros) + 1 : belowMicros;
    const beforeMicros = Math.min(belowMicros, cursorMicros);
    const elseMicros = beforeMicros < belowMicros ? belowMicros : null;
    const next = { startedMicros, oldest, beforeMicros, elseMicros };
    return conclude(onward, { ...position, walk: next }, oneTime ? rows : [], []);
  }
  const swept: FeedPosition = {
    ...position,
    at: top ?? walk?.oldest ?? position.at,
    caughtUp: walk === null,
    walk: null,
    sweptMicros: startedMicros ?? position.sweptMicros,
  };
  return conclude(onward, swept, [...rows].reverse(), points);
}

/** Completes a step: drops rows below the floor, moves the cursor, sets the beat of the repairs. */
function conclude(
  read: PageRead & { readonly opened?: FeedBatch['opened'] },
  moved: FeedPosition,
  rows: readonly PlacedRow[],
  points: readonly FeedPoint[],
): PageOutcome {
  const { stored, plan, position, nowMs, rules } = read;
  const more = !moved.caughtUp || moved.walk !== null;
  const floorMicros = stored?.floorMicros ?? 0;
  const sweeps = plan.purpose === 'sweep' || plan.purpose === 'open';
  const repairs = sweeps || plan.purpose === 'reread';
  const repairPages = repairs ? 1 : position.repairPages === 0 ? 0 : position.repairPages + 1;
  const restedMs = repairPages === 0 ? 0 : nowMs + repairPages * rules.pausePerPageMs;
  return {
    batch: {
      opened: read.opened ?? null,
      rows: rows.filter((row) => row.atMicros === null || row.atMicros >= floorMicros).map(({ raw }) => raw),
      advanced: stored === null ? null : advance(stored, moved, points, rules),
    },
    position: {
      ...moved,
      repairPages: more ? repairPages : 0,
      rereadDueMs: Math.max(restedMs, repairs ? nowMs + rules.rereadEveryMs : position.rereadDueMs),
      sweepDueMs: Math.max(restedMs, sweeps ? nowMs + rules.sweepEveryMs : position.sweepDueMs),
    },
    more,
  };
}

/** The stored cursor's move, if these rows hold a newer one that is old enough. */
function advance(
  feed: FeedState,
  moved: FeedPosition,
  points: readonly FeedPoint[],
  rules: CursorRules,
): FeedBatch['advanced'] {
  if (moved.sweptMicros === null) return null;
  const limitMicros = moved.sweptMicros - rules.lagMs * 1000;
  const cursor = newest(points.filter((point) => point.atMicros <= limitMicros));
  if (cursor === null || (feed.cursor !== null && cursor.atMicros <= feed.cursor.atMicros)) return null;
  return { cursor, floorMicros: Math.max(feed.floorMicros, cursor.atMicros - rules.lateMs * 1000) };
}

/** The opening of a feed never seen before: the backlog by the server's clock; everything, when nothing tells its time. */
function opening(nowMicros: number | null, rules: CursorRules): EventData<'feed.opened'> {
  const floorMicros = nowMicros === null ? 0 : nowMicros - rules.backlogMs * 1000;
  return { floorMicros, cursor: null, origin: 'backlog' };
}

function stateOf({ floorMicros, cursor }: EventData<'feed.opened'>): FeedState {
  return { cursor, floorMicros, startMicros: floorMicros };
}

/**
 * The server's clock, never ahead of it: the `Date` header, or the newest row's time where there is none. The header tells
 * whole seconds, so the newest row may put it later within its second, and no further: one row that a clock ahead has dated
 * would carry the floor past all that is written until then.
 */
function serverNow(page: FeedPage, top: FeedPoint | null): number | null {
  const { serverNowMicros } = page;
  if (serverNowMicros === null || top === null) return serverNowMicros ?? top?.atMicros ?? null;
  return Math.max(serverNowMicros, Math.min(top.atMicros, serverNowMicros + 999_999));
}

function isFull({ page, plan }: PageRead): boolean {
  return page.rows.length >= plan.query.limit;
}
