import { NEVER, of } from 'rxjs';
import { describe, it } from 'vitest';
import { type KeepQuotaDeps, keepQuota } from '../../streams/keep-quota.ts';
import { marbles } from '../support/marbles.ts';

/** A plan that names these ids, look by look. */
function looks(...plans: readonly string[][]): Pick<KeepQuotaDeps, 'plan'> {
  const left = [...plans];
  return { plan: () => left.shift() ?? [] };
}

const BASE = { remove: () => of(null), everyMs: 10_000, settleMs: 100 };

describe('keepQuota', () => {
  it('looks at the start and then every so often', () => {
    marbles(({ expectObservable }) => {
      const gone = keepQuota(NEVER, { ...BASE, ...looks(['a', 'b'], [], ['c']) });
      expectObservable(gone, '^ 25s !').toBe('(ab) 19996ms c');
    });
  });

  it('looks once after several files have come', () => {
    marbles(({ cold, expectObservable }) => {
      const gone = keepQuota(cold('1ms ggg'), { ...BASE, ...looks([], ['a'], ['b']) });
      expectObservable(gone, '^ 5s !').toBe('101ms a');
    });
  });

  it('deletes one after the other, and leaves one that fails to the next look', () => {
    marbles(({ cold, expectObservable }) => {
      const removals = [cold('20ms |'), cold('20ms #'), cold('20ms |'), cold('20ms |')];
      const remove = () => removals.shift() ?? NEVER;
      const gone = keepQuota(NEVER, { ...BASE, ...looks(['a', 'b', 'c'], ['b']), remove });
      expectObservable(gone, '^ 15s !').toBe('20ms a 39ms c 9959ms b');
    });
  });
});
