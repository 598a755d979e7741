import { of, range } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { inBatches } from '../../streams/in-batches.ts';
import { marbles } from '../support/marbles.ts';

describe('inBatches', () => {
  it('takes the first at once, and everything that came meanwhile as the next batch, in order', () => {
    marbles(({ cold, expectObservable }) => {
      const work = (batch: readonly string[]) => cold('10ms (x|)', { x: batch.join('') });
      expectObservable(cold('abc 20ms d|').pipe(inBatches(work))).toBe('10ms x 9ms y 12ms (z|)', {
        x: 'a',
        y: 'bc',
        z: 'd',
      });
    });
  });

  it('begins anew for every subscriber', () => {
    marbles(({ cold, expectObservable }) => {
      const batched = cold('a|').pipe(inBatches((batch) => of(batch.length)));
      expectObservable(batched).toBe('a|', { a: 1 });
      expectObservable(batched).toBe('a|', { a: 1 });
    });
  });

  it('bears a hundred thousand values at once', () => {
    const sizes: number[] = [];
    range(100_000)
      .pipe(inBatches((batch) => of(batch.length)))
      .subscribe((size) => sizes.push(size));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(100_000);
  });
});
