import { BehaviorSubject, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import {
  defaultCursorRules,
  type FeedPosition,
  startPosition,
} from '../../src/domain/cursor/cursor-position.ts';
import type { FeedBatch } from '../../src/domain/cursor/cursor-step.ts';
import type { FeedState } from '../../src/domain/inbox/inbox-state.ts';
import type { FeedPage } from '../../src/domain/ports/platform.ts';
import { toMicros } from '../../src/domain/time.ts';
import { PlatformError } from '../../src/domain/wire/platform-error.ts';
import { readFeed } from '../../streams/read-feed.ts';
import { marbles } from '../support/marbles.ts';
import { at, chatRow, idOf } from '../support/rows.ts';

const micros = (second: number) => toMicros(at(second)) ?? 0;
const FEED: FeedState = { cursor: null, floorMicros: micros(0), startMicros: micros(0) };
const CAUGHT_UP: FeedPosition = {
  ...startPosition(),
  at: { id: idOf(1), atMicros: micros(1) },
  sweptMicros: micros(9_999),
  rereadDueMs: 1e9,
};

function page(...seconds: readonly number[]): FeedPage {
  return { rows: seconds.map((second) => chatRow(second, `message ${second}`)), serverNowMicros: null };
}

/** Deps with pages of two rows, replies and commits of the test's choosing, and a record of what was handed on. */
function reading(replies: readonly Observable<FeedPage>[], commit: () => Observable<unknown>) {
  const taken: number[] = [];
  const left = [...replies];
  const deps = {
    rules: { ...defaultCursorRules, pageLimit: 2 },
    position: new BehaviorSubject(CAUGHT_UP),
    stored: () => FEED,
    readPage: () => left.shift() ?? new Error('one page too many'),
    takePage: ({ rows }: FeedBatch) => {
      taken.push(rows.length);
      return commit();
    },
    hasRoom: () => true,
    nowMs: () => 0,
  };
  return { taken, deps: { ...deps, readPage: () => deps.readPage() as Observable<FeedPage> } };
}

const FULL = { purpose: 'follow', rows: 2, more: true };
const SHORT = { purpose: 'follow', rows: 1, more: false };

describe('readFeed', () => {
  it('asks for the next page only once the page before it is durable (W-4)', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold('     10ms (a|)', { a: page(2, 3) });
      const second = cold('    10ms (a|)', { a: page(3) });
      const commit = cold('    30ms |');
      const { deps } = reading([first, second], () => commit);
      expectObservable(readFeed(cold('a|'), deps)).toBe('40ms f 39ms (s|)', { f: FULL, s: SHORT });
      expectSubscriptions(first.subscriptions).toBe('^ 9ms !');
      expectSubscriptions(second.subscriptions).toBe('40ms ^ 9ms !');
    });
  });

  it('appends nothing for a page that brings nothing', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const { deps, taken } = reading([cold('10ms (a|)', { a: page() })], () => cold('30ms |'));
      expectObservable(readFeed(cold('(a|)'), deps)).toBe('10ms (e|)', { e: { ...SHORT, rows: 0 } });
      flush();
      expect(taken).toEqual([]);
    });
  });

  it('stops between pages while the inbox has no room, and goes on with the next poll', () => {
    marbles(({ cold, expectObservable }) => {
      const replies = [cold('10ms (a|)', { a: page(2, 3) }), cold('10ms (a|)', { a: page(3) })];
      const { deps } = reading(replies, () => cold('|'));
      const polls = cold('a 99ms (a|)');
      expectObservable(readFeed(polls, { ...deps, hasRoom: () => false })).toBe('10ms f 99ms (s|)', {
        f: FULL,
        s: SHORT,
      });
    });
  });

  it('never runs two polls at a time', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold('10ms (a|)', { a: page() });
      const second = cold('10ms (a|)', { a: page() });
      const { deps } = reading([first, second], () => cold('|'));
      const none = { ...SHORT, rows: 0 };
      expectObservable(readFeed(cold('ab|'), deps)).toBe('10ms n 9ms (n|)', { n: none });
      expectSubscriptions(second.subscriptions).toBe('10ms ^ 9ms !');
    });
  });

  it('aborts the request when it is unsubscribed', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold('60s (a|)', { a: page(2) });
      const { deps } = reading([first], () => cold('|'));
      expectObservable(readFeed(cold('a'), deps), '^ 99ms !').toBe('-');
      expectSubscriptions(first.subscriptions).toBe('^ 99ms !');
    });
  });

  it('counts a page as read only if it became durable', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const { deps } = reading([cold('10ms (a|)', { a: page(2) })], () => cold('5ms #'));
      expectObservable(readFeed(cold('(a|)'), deps)).toBe('15ms #');
      flush();
      expect(deps.position.value.at).toEqual(CAUGHT_UP.at);
    });
  });

  it('forgets its place after a 410, and keeps it after any other failure', () => {
    marbles(({ cold, expectObservable, flush }) => {
      const gone = new PlatformError('cursor-gone', 'pruned', { status: 410 });
      const down = new PlatformError('unavailable', 'no connection');
      const first = reading([cold('5ms #', undefined, down)], () => cold('|')).deps;
      const second = reading([cold('5ms #', undefined, gone)], () => cold('|')).deps;
      expectObservable(readFeed(cold('(a|)'), first)).toBe('5ms #', undefined, down);
      expectObservable(readFeed(cold('(a|)'), second)).toBe('5ms #', undefined, gone);
      flush();
      expect(first.position.value).toEqual({ ...CAUGHT_UP, caughtUp: false });
      expect(second.position.value).toEqual(startPosition());
    });
  });
});
