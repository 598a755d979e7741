import { concatMap, defer, filter, type ObservableInput, type OperatorFunction } from 'rxjs';

/**
 * Gives `work` everything that came while its previous batch was under way, as the next batch, in order; the first value
 * goes at once, as a batch of one. One batch at a time, so that work which costs the same for one as for a hundred (an
 * `fdatasync`) is paid for once. Nothing is held back after the source has completed.
 */
export function inBatches<T, R>(work: (batch: readonly T[]) => ObservableInput<R>): OperatorFunction<T, R> {
  return (source) =>
    defer(() => {
      let waiting: T[] = [];
      return source.pipe(
        filter((value) => waiting.push(value) === 1),
        concatMap(() => {
          const batch = waiting;
          waiting = [];
          return work(batch);
        }),
      );
    });
}
