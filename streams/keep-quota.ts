import {
  asyncScheduler,
  auditTime,
  catchError,
  concatMap,
  defer,
  EMPTY,
  endWith,
  ignoreElements,
  merge,
  mergeMap,
  type Observable,
  type ObservableInput,
  type SchedulerLike,
  timer,
} from 'rxjs';

/** What keeping the quota needs of its surroundings. */
export interface KeepQuotaDeps {
  /** Which files are to go by now, oldest first. */
  readonly plan: () => readonly string[];
  /** Deletes one and makes that durable. One that fails is left to the next look. */
  readonly remove: (fileId: string) => ObservableInput<unknown>;
  /** The beat of looks by age, milliseconds. */
  readonly everyMs: number;
  /** How long to wait for more of what `grew` tells, milliseconds. */
  readonly settleMs: number;
  readonly scheduler?: SchedulerLike;
}

/**
 * Deletes what is too old or too much: at the start, every so often, and soon after `grew` has emitted; one file after the
 * other, beside nothing else. Emits each file id when it is gone. Never errors.
 */
export function keepQuota(grew: Observable<unknown>, deps: KeepQuotaDeps): Observable<string> {
  const { plan, remove, everyMs, settleMs, scheduler = asyncScheduler } = deps;
  return merge(timer(0, everyMs, scheduler), grew.pipe(auditTime(settleMs, scheduler))).pipe(
    concatMap(() =>
      defer(plan).pipe(
        mergeMap(
          (fileId) =>
            defer(() => remove(fileId)).pipe(
              ignoreElements(),
              endWith(fileId),
              catchError(() => EMPTY),
            ),
          1,
        ),
      ),
    ),
  );
}
