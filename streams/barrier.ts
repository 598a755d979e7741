import {
  AsyncSubject,
  asapScheduler,
  asyncScheduler,
  catchError,
  concat,
  defaultIfEmpty,
  defer,
  finalize,
  forkJoin,
  from,
  ignoreElements,
  map,
  mergeMap,
  type Observable,
  type ObservableInput,
  observeOn,
  of,
  race,
  retry,
  type SchedulerLike,
  share,
  take,
  throwIfEmpty,
  timer,
} from 'rxjs';
import type { FileOutcome } from '../src/domain/events.ts';
import type { UploadOutcome } from '../src/domain/files/upload.ts';
import type { HeldMessage } from '../src/domain/inbox/inbox-state.ts';
import type { FileReference } from '../src/domain/message.ts';
import { inBatches } from './in-batches.ts';

/** What the barrier needs of its surroundings. */
export interface BarrierDeps {
  /** Emits once, as soon as the file is staged, expired or too large (at once if it is). Subscribed only for what a message waits for. */
  readonly outcomeOf: (fileId: string) => Observable<UploadOutcome>;
  /** How the file stands now, when its deadline passes: `pending`, or `failed` with the last reason. */
  readonly outcomeNow: (fileId: string) => UploadOutcome;
  /** Commits releases in this order; completes when they are durable. What fails is tried again, never dropped. */
  readonly release: (releases: readonly Release[]) => ObservableInput<unknown>;
  /** How long a file holds messages, counted from the first that waits for it, milliseconds. */
  readonly deadlineMs: number;
  /** The pause after the `failures`th failed release in a row (1, 2, 3 …), milliseconds: growing, with an end. */
  readonly retryDelayMs: (failures: number) => number;
  readonly scheduler?: SchedulerLike;
}

/** A message on its way out of the barrier, with one outcome for each of its files, in their order. */
export interface Release {
  readonly activityId: string;
  readonly outcomes: readonly FileOutcome[];
}

/**
 * Holds each message until every file that it shows has its outcome, or its deadline has passed, and until the message
 * before it in its conversation may go: order within a conversation never changes, conversations never wait for each
 * other (W-16). A file's outcome is shared by all who wait for it; a message without files asks for none.
 * Give it the held messages of before a restart first, then new ones, all in the order received, once durable.
 * Emits each release once it is durable. Never errors. Remembers nothing of a message that has gone.
 */
export function barrier(held: Observable<HeldMessage>, deps: BarrierDeps): Observable<Release> {
  return defer(() => {
    const outcomeOf = sharedOutcomes(deps);
    const inOrder = afterPredecessor();
    return held.pipe(
      mergeMap(({ message, conversation, files }) =>
        inOrder(
          conversation,
          forkJoin(files.map((file) => told(file, outcomeOf))).pipe(defaultIfEmpty([])),
        ).pipe(map((outcomes): Release => ({ activityId: message.activity_id, outcomes }))),
      ),
      inBatches((releases) => committed(releases, deps)),
    );
  });
}

/** The outcome that a message is told of one of its files. */
function told(
  file: FileReference,
  outcomeOf: (fileId: string) => Observable<UploadOutcome>,
): Observable<FileOutcome> {
  const { fileId } = file;
  const outcome = fileId === null ? of(FOREIGN) : outcomeOf(fileId);
  return outcome.pipe(map((outcome) => ({ fileId, outcome })));
}

/**
 * One wait per file, shared by the messages that wait at the same time; forgotten when it is over. Total: it emits
 * exactly once, whatever the source does.
 */
function sharedOutcomes({ outcomeOf, outcomeNow, deadlineMs, scheduler = asyncScheduler }: BarrierDeps) {
  const waits = new Map<string, Observable<UploadOutcome>>();
  return (fileId: string) =>
    defer(() => {
      const present = waits.get(fileId);
      if (present) return present;
      const settled = defer(() => outcomeOf(fileId)).pipe(
        throwIfEmpty(),
        catchError(() => of(outcomeNow(fileId))),
      );
      const overdue = timer(deadlineMs, scheduler).pipe(map(() => outcomeNow(fileId)));
      const wait = race(settled, overdue).pipe(
        take(1),
        finalize(() => waits.delete(fileId)),
        share({ connector: () => new AsyncSubject(), resetOnComplete: false, resetOnError: false }),
      );
      waits.set(fileId, wait);
      return wait;
    });
}

/** Joins what a message waits for with the one before it in its conversation, and keeps only the last of each. */
function afterPredecessor() {
  const lasts = new Map<string, Observable<unknown>>();
  return <T>(conversation: string, own: Observable<T>): Observable<T> => {
    const mayGo = new AsyncSubject<null>();
    const before = lasts.get(conversation);
    lasts.set(conversation, mayGo);
    // A step aside, so that a long queue behind one file leaves in a loop and not thousands of calls deep.
    const inTurn = before
      ? forkJoin([own, before.pipe(observeOn(asapScheduler))]).pipe(map(([outcome]) => outcome))
      : own;
    return inTurn.pipe(
      finalize(() => {
        if (lasts.get(conversation) === mayGo) lasts.delete(conversation);
        mayGo.next(null);
        mayGo.complete();
      }),
    );
  };
}

/** Emits the releases once they are durable, however often the disk refuses. */
function committed(releases: readonly Release[], deps: BarrierDeps): Observable<Release> {
  const { scheduler = asyncScheduler, retryDelayMs } = deps;
  const durable = defer(() => deps.release(releases)).pipe(
    ignoreElements(),
    retry({ delay: (_, failures) => timer(retryDelayMs(failures), scheduler) }),
  );
  return concat(durable, from(releases));
}

const FOREIGN: UploadOutcome = { status: 'failed', reason: 'it is no file of this workspace' };
