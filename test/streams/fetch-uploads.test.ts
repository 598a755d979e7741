import { asyncScheduler, EMPTY, NEVER, type Observable, of, throwError } from 'rxjs';
import { describe, it } from 'vitest';
import type { Upload, UploadOutcome } from '../../src/domain/files/upload.ts';
import { type FetchUploadsDeps, fetchUploads, type SettledTry } from '../../streams/fetch-uploads.ts';
import { createSlots } from '../../streams/slots.ts';
import { marbles } from '../support/marbles.ts';
import { idOf } from '../support/rows.ts';
import { stagedOutcome, uploadOf } from '../support/uploads.ts';

const STAGED = stagedOutcome(1);
const GONE: UploadOutcome = { status: 'expired', reason: 'the platform no longer has this file' };

function deps(fetch: (upload: Upload) => Observable<UploadOutcome>, over: Partial<FetchUploadsDeps> = {}) {
  return {
    fetch,
    settle: () => of(null),
    withdrawn: NEVER,
    ownSlots: createSlots(4),
    sharedSlots: createSlots(8),
    retryDelayMs: (attempts: number) => attempts * 1_000,
    clock: () => asyncScheduler.now(),
    ...over,
  };
}

function settled(file: number, outcome: UploadOutcome, attempts = 0, retryAtMs = 0): SettledTry {
  return { fileId: idOf(file, 'file'), outcome, attempts, retryAtMs };
}

describe('fetchUploads', () => {
  it('starts every upload at once, beside the others, four at a time', () => {
    marbles(({ cold, expectObservable }) => {
      const uploads = cold('(abcdef)', {
        a: uploadOf(1),
        b: uploadOf(2),
        c: uploadOf(3),
        d: uploadOf(4),
        e: uploadOf(5),
        f: uploadOf(6),
      });
      const fetch = () => cold('300ms (s|)', { s: STAGED });
      const result = fetchUploads(uploads, deps(fetch));
      const done = (file: number) => settled(file, STAGED);
      expectObservable(result).toBe('300ms (abcd) 294ms (ef)', {
        a: done(1),
        b: done(2),
        c: done(3),
        d: done(4),
        e: done(5),
        f: done(6),
      });
    });
  });

  it('tries a failed one again after growing pauses until it is staged (W-31)', () => {
    marbles(({ cold, expectObservable }) => {
      const tries = [
        cold<UploadOutcome>('10ms #', {}, new Error('HTTP 500')),
        cold<UploadOutcome>('10ms (f|)', { f: { status: 'failed', reason: 'cut off' } }),
        cold('10ms (s|)', { s: STAGED }),
      ];
      const fetch = () => tries.shift() ?? EMPTY;
      expectObservable(fetchUploads(cold('(a|)', { a: uploadOf(1) }), deps(fetch))).toBe(
        '10ms a 1009ms b 2009ms (c|)',
        {
          a: settled(1, { status: 'failed', reason: 'HTTP 500' }, 1, 1_010),
          b: settled(1, { status: 'failed', reason: 'cut off' }, 2, 3_020),
          c: settled(1, STAGED, 2),
        },
      );
    });
  });

  it.each([GONE, { status: 'too_large', reason: 'over the limit' } as const])(
    'ends with an outcome that cannot change: $status',
    (outcome) => {
      marbles(({ cold, expectObservable }) => {
        const fetch = () => cold('10ms (o|)', { o: outcome });
        expectObservable(fetchUploads(cold('(a|)', { a: uploadOf(1) }), deps(fetch))).toBe('10ms (o|)', {
          o: settled(1, outcome),
        });
      });
    },
  );

  it('takes up what a restart left, when its retry is due, with its count of failures', () => {
    marbles(({ cold, expectObservable }) => {
      const fetch = () => cold<UploadOutcome>('10ms #', {}, new Error('HTTP 500'));
      const uploads = cold('(a|)', { a: uploadOf(1, { attempts: 5, retryAtMs: 700 }) });
      expectObservable(fetchUploads(uploads, deps(fetch)), '^ 2s !').toBe('710ms a', {
        a: settled(1, { status: 'failed', reason: 'HTTP 500' }, 6, 6_710),
      });
    });
  });

  it('does not hold a place while it waits for a retry', () => {
    marbles(({ cold, expectObservable }) => {
      const fetch = (upload: Upload) =>
        upload.fileId === idOf(1, 'file')
          ? cold<UploadOutcome>('10ms #', {}, new Error('HTTP 500'))
          : cold('10ms (s|)', { s: STAGED });
      const uploads = cold('(ab)', { a: uploadOf(1), b: uploadOf(2) });
      const result = fetchUploads(uploads, deps(fetch, { ownSlots: createSlots(1) }));
      expectObservable(result, '^ 900ms !').toBe('10ms a 9ms b', {
        a: settled(1, { status: 'failed', reason: 'HTTP 500' }, 1, 1_010),
        b: settled(2, STAGED),
      });
    });
  });

  it('starts a file once, however often its row comes, and a settled one never (W-44)', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const body = cold('50ms (s|)', { s: STAGED });
      const uploads = cold('aaab|', { a: uploadOf(1), b: uploadOf(2, { outcome: GONE }) });
      expectObservable(
        fetchUploads(
          uploads,
          deps(() => body),
        ),
      ).toBe('50ms (s|)', { s: settled(1, STAGED) });
      expectSubscriptions(body.subscriptions).toBe('^ 49ms !');
    });
  });

  it("lets go of one that turns out to be the agent's own or is deleted: of its bytes, and of its next try (W-39)", () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const bytes = cold('60s (s|)', { s: STAGED });
      const failing = cold<UploadOutcome>('10ms #', {}, new Error('HTTP 500'));
      const fetch = (upload: Upload) => (upload.fileId === idOf(1, 'file') ? bytes : failing);
      const uploads = cold('(ab) 2s c', {
        a: uploadOf(1),
        b: uploadOf(2),
        // A message cites it after all.
        c: uploadOf(1),
      });
      const withdrawn = hot('500ms (ab)', { a: idOf(1, 'file'), b: idOf(2, 'file') });
      const result = fetchUploads(uploads, deps(fetch, { withdrawn }));
      expectObservable(result, '^ 5s !').toBe('10ms b', {
        b: settled(2, { status: 'failed', reason: 'HTTP 500' }, 1, 1_010),
      });
      expectSubscriptions(failing.subscriptions).toBe('^ 9ms !');
      expectSubscriptions(bytes.subscriptions).toBe(['^ 499ms !', '2004ms ^ 2996ms !']);
    });
  });

  it('tells an outcome only once it is durable, and asks a failing disk again', () => {
    marbles(({ cold, expectObservable }) => {
      const commits = [cold('5ms #'), cold('5ms #'), cold('5ms |')];
      const settle = () => commits.shift() ?? cold('#');
      const fetch = () => cold('10ms (s|)', { s: STAGED });
      const result = fetchUploads(cold('(a|)', { a: uploadOf(1) }), deps(fetch, { settle }));
      expectObservable(result).toBe('3025ms (s|)', { s: settled(1, STAGED) });
    });
  });

  it('counts a fetch that ends without an outcome, or throws, as failed', () => {
    marbles(({ cold, expectObservable }) => {
      const fetch = (upload: Upload): Observable<UploadOutcome> => {
        if (upload.fileId === idOf(1, 'file')) return EMPTY;
        if (upload.fileId === idOf(2, 'file')) return throwError(() => 'no Error at all');
        throw new Error('no such adapter');
      };
      const uploads = cold('(abc)', { a: uploadOf(1), b: uploadOf(2), c: uploadOf(3) });
      expectObservable(fetchUploads(uploads, deps(fetch)), '^ 500ms !').toBe('(abc)', {
        a: settled(1, { status: 'failed', reason: 'the fetch ended without an outcome' }, 1, 1_000),
        b: settled(2, { status: 'failed', reason: 'no Error at all' }, 1, 1_000),
        c: settled(3, { status: 'failed', reason: 'no such adapter' }, 1, 1_000),
      });
    });
  });

  it('aborts every transfer when it is unsubscribed', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const body = cold('60s (s|)', { s: STAGED });
      const uploads = cold('a', { a: uploadOf(1) });
      expectObservable(
        fetchUploads(
          uploads,
          deps(() => body),
        ),
        '^ 99ms !',
      ).toBe('-');
      expectSubscriptions(body.subscriptions).toBe('^ 99ms !');
    });
  });

  it('shares its places with other workspaces', () => {
    marbles(({ cold, expectObservable }) => {
      const sharedSlots = createSlots(1);
      const fetch = () => cold('10ms (s|)', { s: STAGED });
      const one = fetchUploads(cold('(a|)', { a: uploadOf(1) }), deps(fetch, { sharedSlots }));
      const other = fetchUploads(cold('(a|)', { a: uploadOf(2) }), deps(fetch, { sharedSlots }));
      expectObservable(one).toBe('10ms (s|)', { s: settled(1, STAGED) });
      expectObservable(other).toBe('20ms (s|)', { s: settled(2, STAGED) });
    });
  });
});
