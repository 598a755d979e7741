import { EMPTY, from, lastValueFrom, NEVER, type Observable, of, Subject, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { UploadOutcome } from '../../src/domain/files/upload.ts';
import type { HeldMessage } from '../../src/domain/inbox/inbox-state.ts';
import { type BarrierDeps, barrier, type Release } from '../../streams/barrier.ts';
import { marbles } from '../support/marbles.ts';
import { at, idOf, pendingUri } from '../support/rows.ts';
import { stagedOutcome } from '../support/uploads.ts';

const PENDING: UploadOutcome = { status: 'pending', reason: 'still being fetched' };
const FAILED: UploadOutcome = { status: 'failed', reason: 'HTTP 500' };
const EXPIRED: UploadOutcome = { status: 'expired', reason: 'the platform no longer has this file' };

/** The `number`th message, in the canvas' conversation unless another is named, showing those files. */
function held(number: number, files: readonly number[] = [], conversation = 'canvas'): HeldMessage {
  return {
    message: {
      activity_id: idOf(number),
      text: `message ${number}`,
      peer_id: '',
      kind: 'canvas_user',
      method: 'message/send',
      created_at: at(number),
    },
    row: { id: idOf(number), atMicros: number },
    conversation,
    files: files.map((file) => ({
      fileId: idOf(file, 'file'),
      uri: pendingUri(file),
      name: `file-${file}.txt`,
      cited: true,
    })),
  };
}

/** The release of the `number`th message with these outcomes, by file. */
function released(number: number, outcomes: Readonly<Record<number, UploadOutcome>> = {}): Release {
  return {
    activityId: idOf(number),
    outcomes: Object.entries(outcomes).map(([file, outcome]) => ({
      fileId: idOf(Number(file), 'file'),
      outcome,
    })),
  };
}

/** Deps over the outcomes of some files; whatever else is asked for fails the test. */
function deps(
  outcomes: Readonly<Record<number, Observable<UploadOutcome>>>,
  over: Partial<BarrierDeps> = {},
): BarrierDeps {
  const byId = new Map(
    Object.entries(outcomes).map(([file, outcome]) => [idOf(Number(file), 'file'), outcome]),
  );
  return {
    outcomeOf: (fileId) => {
      const outcome = byId.get(fileId);
      if (!outcome) throw new Error(`nobody waits for ${fileId}`);
      return outcome;
    },
    outcomeNow: () => PENDING,
    release: () => EMPTY,
    deadlineMs: 30_000,
    retryDelayMs: (failures) => failures * 1_000,
    ...over,
  };
}

describe('barrier', () => {
  it('lets a message without files pass at once, and asks for no file', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(barrier(cold('a', { a: held(1) }), deps({}))).toBe('r', { r: released(1) });
    });
  });

  it('subscribes to no outcome before a message waits for it', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const file = cold('10ms (s|)', { s: stagedOutcome(1) });
      const result = barrier(cold('a 99ms b', { a: held(1), b: held(2, [1]) }), deps({ 1: file }));
      expectObservable(result).toBe('a 109ms b', { a: released(1), b: released(2, { 1: stagedOutcome(1) }) });
      expectSubscriptions(file.subscriptions).toBe('100ms ^ 9ms !');
    });
  });

  it('waits for one file', () => {
    marbles(({ cold, expectObservable }) => {
      const file = cold('300ms (s|)', { s: stagedOutcome(1) });
      expectObservable(barrier(cold('a', { a: held(1, [1]) }), deps({ 1: file }))).toBe('300ms r', {
        r: released(1, { 1: stagedOutcome(1) }),
      });
    });
  });

  it('waits for the slowest of several, and tells each one’s outcome in the message’s order', () => {
    marbles(({ cold, expectObservable }) => {
      const outcomes = {
        1: cold('200ms (s|)', { s: stagedOutcome(1) }),
        2: cold('100ms (e|)', { e: EXPIRED }),
        3: of(stagedOutcome(3)),
      };
      expectObservable(barrier(cold('a', { a: held(1, [1, 2, 3]) }), deps(outcomes))).toBe('200ms r', {
        r: released(1, { 1: stagedOutcome(1), 2: EXPIRED, 3: stagedOutcome(3) }),
      });
    });
  });

  it('lets a message go at the deadline with what is there: one file failed so far, one hanging (W-16)', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const [failing, hanging] = [cold<UploadOutcome>('-'), cold<UploadOutcome>('-')];
      const outcomeNow = (fileId: string) => (fileId === idOf(1, 'file') ? FAILED : PENDING);
      const result = barrier(
        cold('a', { a: held(1, [1, 2, 3]) }),
        deps({ 1: failing, 2: hanging, 3: of(stagedOutcome(3)) }, { outcomeNow }),
      );
      expectObservable(result).toBe('30s r', {
        r: released(1, { 1: FAILED, 2: PENDING, 3: stagedOutcome(3) }),
      });
      expectSubscriptions(failing.subscriptions).toBe('^ 29999ms !');
      expectSubscriptions(hanging.subscriptions).toBe('^ 29999ms !');
    });
  });

  it('counts a file’s deadline from the first message that waits for it, and asks for it once', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const hanging = cold<UploadOutcome>('-');
      const source = cold('a 19999ms b', { a: held(1, [1]), b: held(2, [1], 'peer') });
      expectObservable(barrier(source, deps({ 1: hanging }))).toBe('30s (ab)', {
        a: released(1, { 1: PENDING }),
        b: released(2, { 1: PENDING }),
      });
      expectSubscriptions(hanging.subscriptions).toBe('^ 29999ms !');
    });
  });

  it('never changes the order within a conversation', () => {
    marbles(({ cold, expectObservable }) => {
      const slow = cold('300ms (s|)', { s: stagedOutcome(1) });
      const source = cold('abc', { a: held(1, [1]), b: held(2), c: held(3) });
      expectObservable(barrier(source, deps({ 1: slow }))).toBe('300ms (abc)', {
        a: released(1, { 1: stagedOutcome(1) }),
        b: released(2),
        c: released(3),
      });
    });
  });

  it('lets no conversation wait for another: a peer writes while a canvas upload hangs', () => {
    marbles(({ cold, expectObservable }) => {
      const slow = cold('300ms (s|)', { s: stagedOutcome(1) });
      const source = cold('abcd', {
        a: held(1, [1]),
        b: held(2, [], 'peer'),
        c: held(3),
        d: held(4, [], 'peer'),
      });
      expectObservable(barrier(source, deps({ 1: slow }))).toBe('-b-d 296ms (ac)', {
        a: released(1, { 1: stagedOutcome(1) }),
        b: released(2),
        c: released(3),
        d: released(4),
      });
    });
  });

  it('holds nothing longer than the deadline, whatever stands before it', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('a 9999ms b', { a: held(1, [1]), b: held(2, [2]) });
      const hanging = { 1: NEVER, 2: NEVER };
      expectObservable(barrier(source, deps(hanging))).toBe('30s a 9999ms b', {
        a: released(1, { 1: PENDING }),
        b: released(2, { 2: PENDING }),
      });
    });
  });

  it('releases the next of a conversation only when the one before is durable, and never drops one', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const commits = [cold('10ms #'), cold('10ms |'), cold('10ms |')];
      const asked: number[] = [];
      const left = [...commits];
      const release = (releases: readonly Release[]) => {
        asked.push(releases.length);
        return left.shift() ?? NEVER;
      };
      const source = cold('abc', { a: held(1), b: held(2), c: held(3) });
      expectObservable(barrier(source, deps({}, { release }))).toBe('1020ms a 9ms (bc)', {
        a: released(1),
        b: released(2),
        c: released(3),
      });
      expectSubscriptions(commits[1]?.subscriptions ?? []).toBe('1010ms ^ 9ms !');
      expectSubscriptions(commits[2]?.subscriptions ?? []).toBe('1020ms ^ 9ms !');
    });
  });

  it('is total: an outcome that errors, ends empty or throws is told as it stands', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('abc', { a: held(1, [1]), b: held(2, [2]), c: held(3, [3]) });
      const outcomes = { 1: cold<UploadOutcome>('5ms #'), 2: EMPTY };
      expectObservable(barrier(source, deps(outcomes))).toBe('5ms (abc)', {
        a: released(1, { 1: PENDING }),
        b: released(2, { 2: PENDING }),
        c: released(3, { 3: PENDING }),
      });
    });
  });

  it('does not wait for a URI that is no file of this workspace', () => {
    marbles(({ cold, expectObservable }) => {
      const message = held(1);
      const foreign = { fileId: null, uri: 'platform-pending:else/where', name: 'x', cited: true };
      expectObservable(barrier(cold('a', { a: { ...message, files: [foreign] } }), deps({}))).toBe('r', {
        r: {
          activityId: idOf(1),
          outcomes: [
            { fileId: null, outcome: { status: 'failed', reason: 'it is no file of this workspace' } },
          ],
        },
      });
    });
  });

  it('lets everything go when it is unsubscribed', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const file = cold<UploadOutcome>('-');
      const source = cold('a', { a: held(1, [1]) });
      expectObservable(barrier(source, deps({ 1: file })), '^ 99ms !').toBe('-');
      expectSubscriptions(file.subscriptions).toBe('^ 99ms !');
      expectSubscriptions(source.subscriptions).toBe('^ 99ms !');
    });
  });

  it('remembers no outcome of its own: a file that is cited again is asked for again', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const file = cold('31s (s|)', { s: stagedOutcome(1) });
      const source = cold('a 39999ms b', { a: held(1, [1]), b: held(2, [1]) });
      expectObservable(barrier(source, deps({ 1: file }, { deadlineMs: 35_000 }))).toBe('31s a 39999ms b', {
        a: released(1, { 1: stagedOutcome(1) }),
        b: released(2, { 1: stagedOutcome(1) }),
      });
      expectSubscriptions(file.subscriptions).toBe(['^ 30999ms !', '40s ^ 30999ms !']);
    });
  });

  it('lets three thousand that queue behind one file leave in order, in few commits', async () => {
    const file = new Subject<UploadOutcome>();
    const numbers = Array.from({ length: 3_000 }, (_, index) => index + 1);
    let commits = 0;
    const release = async () => {
      commits += 1;
      await new Promise(setImmediate);
    };
    const messages = numbers.map((number) => held(number, number === 1 ? [1] : []));
    const leaving = lastValueFrom(barrier(from(messages), deps({ 1: file }, { release })).pipe(toArray()));
    file.next(stagedOutcome(1));
    const left = await leaving;
    expect(left.map(({ activityId }) => activityId)).toEqual(numbers.map((number) => idOf(number)));
    expect(commits).toBeLessThan(10);
  });
});
