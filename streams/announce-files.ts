import {
  asyncScheduler,
  concatMap,
  defer,
  endWith,
  ignoreElements,
  mergeMap,
  type Observable,
  type ObservableInput,
  retry,
  type SchedulerLike,
  timer,
} from 'rxjs';
import type { Upload } from '../src/domain/files/upload.ts';

/** What announcing files needs of its surroundings. */
export interface AnnounceFilesDeps {
  /** How long to wait until the file may be spoken of, milliseconds; 0 or less for at once. */
  readonly dueInMs: (upload: Upload) => number;
  /** Makes a message about it durable, unless that is no longer called for; an error is tried again, never dropped. */
  readonly announce: (fileId: string) => ObservableInput<unknown>;
  /** The pause after the `failures`th failure in a row (1, 2, 3 …), milliseconds: growing, with an end. */
  readonly retryDelayMs: (failures: number) => number;
  readonly scheduler?: SchedulerLike;
}

/**
 * Has something said about each file once it is due, every file by its own clock: one that no chat has followed, one that
 * came after the message that cites it. Emits each file id once that is durable, or settled otherwise. Never errors.
 */
export function announceFiles(uploads: Observable<Upload>, deps: AnnounceFilesDeps): Observable<string> {
  const { dueInMs, announce, retryDelayMs, scheduler = asyncScheduler } = deps;
  return uploads.pipe(
    mergeMap((upload) => {
      const { fileId } = upload;
      return timer(Math.max(0, dueInMs(upload)), scheduler).pipe(
        concatMap(() =>
          defer(() => announce(fileId)).pipe(
            retry({ delay: (_, failures) => timer(retryDelayMs(failures), scheduler) }),
          ),
        ),
        ignoreElements(),
        endWith(fileId),
      );
    }),
  );
}
