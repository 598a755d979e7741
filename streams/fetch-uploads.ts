import {
  asyncScheduler,
  catchError,
  concat,
  concatMap,
  defaultIfEmpty,
  defer,
  EMPTY,
  expand,
  filter,
  finalize,
  ignoreElements,
  mergeMap,
  type Observable,
  type ObservableInput,
  of,
  retry,
  type SchedulerLike,
  take,
  takeUntil,
  timer,
} from 'rxjs';
import { isSettled, type Upload, type UploadOutcome } from '../src/domain/files/upload.ts';
import type { Clock } from '../src/domain/ports/runtime.ts';
import { type Slots, withSlot } from './slots.ts';

/** What fetching uploads needs of its surroundings. */
export interface FetchUploadsDeps {
  /** One try. What it rejects with becomes `failed` with that reason; unsubscribing aborts it. */
  readonly fetch: (upload: Upload) => ObservableInput<UploadOutcome>;
  /** Makes an outcome durable; completes when it is. What fails is tried again, never dropped. */
  readonly settle: (settled: SettledTry) => ObservableInput<unknown>;
  /** Ids of files that are not to be fetched after all: the agent's own (W-39), or deleted. */
  readonly withdrawn: Observable<string>;
  /** This workspace's places, 4 by default. */
  readonly ownSlots: Slots;
  /** The places that all workspaces share, 8 by default. */
  readonly sharedSlots: Slots;
  /** The pause after the `attempts`th failure (1, 2, 3 …), milliseconds: growing, with an end. */
  readonly retryDelayMs: (attempts: number) => number;
  readonly clock: Clock;
  readonly scheduler?: SchedulerLike;
}

/** How one try at a file ended. */
export interface SettledTry {
  readonly fileId: string;
  readonly outcome: UploadOutcome;
  /** Failed tries so far, over restarts. */
  readonly attempts: number;
  /** When the next try is due, by the clock; 0 when there is none. */
  readonly retryAtMs: number;
}

/**
 * Brings uploads here: each of `uploads` (announced just now, or left over from before a restart) starts at once, or when
 * its retry is due, beside the others (§7.4; W-31: a failed one is tried again until it is staged, expired or too large).
 * A pause between tries holds no place. A file under way is not started twice, however often it comes (W-44); one that
 * is withdrawn is let go of at once, whether its bytes are on their way or its next try is awaited.
 * Emits every try once its outcome is durable. Never errors.
 */
export function fetchUploads(uploads: Observable<Upload>, deps: FetchUploadsDeps): Observable<SettledTry> {
  return defer(() => {
    const underWay = new Set<string>();
    return uploads.pipe(
      filter(({ fileId, outcome }) => !underWay.has(fileId) && !isSettled(outcome)),
      mergeMap((upload) => {
        underWay.add(upload.fileId);
        return fetchUntilSettled(upload, deps).pipe(
          takeUntil(deps.withdrawn.pipe(filter((fileId) => fileId === upload.fileId))),
          finalize(() => underWay.delete(upload.fileId)),
        );
      }),
    );
  });
}

function fetchUntilSettled(upload: Upload, deps: FetchUploadsDeps): Observable<SettledTry> {
  const start = { attempts: upload.attempts, retryAtMs: upload.retryAtMs };
  return tryWhenDue(upload, start, deps).pipe(
    expand((tried) => (tried.retryAtMs === 0 ? EMPTY : tryWhenDue(upload, tried, deps))),
  );
}

function tryWhenDue(
  upload: Upload,
  { attempts, retryAtMs }: Pick<SettledTry, 'attempts' | 'retryAtMs'>,
  deps: FetchUploadsDeps,
): Observable<SettledTry> {
  const attempt = tryOnce(upload, deps).pipe(
    concatMap((outcome) => settled(settle(upload.fileId, outcome, attempts, deps), deps)),
  );
  return defer(() => {
    const restMs = retryAtMs - deps.clock();
    return restMs > 0
      ? timer(restMs, deps.scheduler ?? asyncScheduler).pipe(concatMap(() => attempt))
      : attempt;
  });
}

/** One try, total: it emits exactly one outcome and never errors. */
function tryOnce(upload: Upload, deps: FetchUploadsDeps): Observable<UploadOutcome> {
  return defer(() => deps.fetch(upload)).pipe(
    take(1),
    catchError((error: unknown) => of(failed(error instanceof Error ? error.message : String(error)))),
    defaultIfEmpty(failed('the fetch ended without an outcome')),
    withSlot(deps.sharedSlots),
    withSlot(deps.ownSlots),
  );
}

function settle(fileId: string, outcome: UploadOutcome, before: number, deps: FetchUploadsDeps): SettledTry {
  if (isSettled(outcome)) return { fileId, outcome, attempts: before, retryAtMs: 0 };
  const attempts = before + 1;
  return { fileId, outcome, attempts, retryAtMs: deps.clock() + deps.retryDelayMs(attempts) };
}

/** Emits a try once it is durable, however often the disk refuses. */
function settled(tried: SettledTry, deps: FetchUploadsDeps): Observable<SettledTry> {
  const durable = defer(() => deps.settle(tried)).pipe(
    ignoreElements(),
    retry({ delay: (_, failures) => timer(deps.retryDelayMs(failures), deps.scheduler ?? asyncScheduler) }),
  );
  return concat(durable, of(tried));
}

function failed(reason: string): UploadOutcome {
  return { status: 'failed', reason };
}
