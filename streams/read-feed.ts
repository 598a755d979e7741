import {
  type BehaviorSubject,
  concat,
  concatMap,
  defer,
  EMPTY,
  expand,
  from,
  ignoreElements,
  type Observable,
  type ObservableInput,
  of,
  take,
  tap,
} from 'rxjs';
import { type PagePurpose, planPage } from '../src/domain/cursor/cursor-plan.ts';
import { afterFailure, type CursorRules, type FeedPosition } from '../src/domain/cursor/cursor-position.ts';
import { afterPage, type FeedBatch } from '../src/domain/cursor/cursor-step.ts';
import type { FeedState } from '../src/domain/inbox/inbox-state.ts';
import type { FeedPage, FeedQuery } from '../src/domain/ports/platform.ts';
import type { Clock } from '../src/domain/ports/runtime.ts';
import { PlatformError } from '../src/domain/wire/platform-error.ts';

/** What reading a feed needs of its surroundings. */
export interface ReadFeedDeps {
  readonly rules: CursorRules;
  /** Where this process stands; begins with `startPosition()` and lives as long as the process delivers the workspace. */
  readonly position: BehaviorSubject<FeedPosition>;
  /** What the ledger holds by now; null before the feed was opened. */
  readonly stored: () => FeedState | null;
  /** One request; an error ends the read. */
  readonly readPage: (query: FeedQuery) => ObservableInput<FeedPage>;
  /** The ledger's one append for a page: opening, rows and cursor. Completes when durable; an error ends the read. */
  readonly takePage: (batch: FeedBatch) => ObservableInput<unknown>;
  /** Whether the inbox has room for another page; asked before every page but a poll's first. */
  readonly hasRoom: () => boolean;
  /** Any clock that does not step back, milliseconds. */
  readonly nowMs: Clock;
}

/** A page that was read and is durable. */
export interface FeedProgress {
  readonly purpose: PagePurpose;
  /** Rows handed to the ledger, known ones included. */
  readonly rows: number;
  /** Whether the platform has more to read by now: the next page follows at once, or with the next poll if the inbox is full. */
  readonly more: boolean;
}

/**
 * Reads the feed once for every value of `polls`, one after the other: page by page as `planPage` says, each handed to
 * `takePage` oldest first, the next asked for only once that page is durable (W-4: nothing is read ahead of the disk).
 * Emits one {@link FeedProgress} a page. Any failure is passed on and ends the stream; what was durable stays, and the
 * next read goes on from there, after a 410 from the floor (§4.4).
 */
export function readFeed(polls: Observable<unknown>, deps: ReadFeedDeps): Observable<FeedProgress> {
  return polls.pipe(
    concatMap(() =>
      readOnePage(deps).pipe(
        expand((progress) => (progress.more && deps.hasRoom() ? readOnePage(deps) : EMPTY)),
        tap({ error: (error) => deps.position.next(afterFailure(deps.position.value, isCursorGone(error))) }),
      ),
    ),
  );
}

function readOnePage(deps: ReadFeedDeps): Observable<FeedProgress> {
  return defer(() => {
    const { rules } = deps;
    const position = deps.position.value;
    const stored = deps.stored();
    const plan = planPage(position, stored, deps.nowMs(), rules);
    return from(deps.readPage(plan.query)).pipe(
      take(1),
      concatMap((page) => {
        const outcome = afterPage({ plan, page, position, stored, nowMs: deps.nowMs(), rules });
        const { batch } = outcome;
        return concat(
          isEmpty(batch) ? EMPTY : from(deps.takePage(batch)).pipe(ignoreElements()),
          defer(() => {
            deps.position.next(outcome.position);
            return of({ purpose: plan.purpose, rows: batch.rows.length, more: outcome.more });
          }),
        );
      }),
    );
  });
}

function isEmpty(batch: FeedBatch): boolean {
  return batch.opened === null && batch.rows.length === 0 && batch.advanced === null;
}

function isCursorGone(error: unknown): boolean {
  return error instanceof PlatformError && error.kind === 'cursor-gone';
}
