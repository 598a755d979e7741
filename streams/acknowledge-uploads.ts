import {
  asyncScheduler,
  concat,
  defer,
  filter,
  finalize,
  ignoreElements,
  mergeMap,
  type Observable,
  type ObservableInput,
  of,
  retry,
  type SchedulerLike,
  takeUntil,
  timer,
} from 'rxjs';
import { type Slots, withSlot } from './slots.ts';

/** What acknowledging uploads needs of its surroundings. */
export interface AcknowledgeUploadsDeps {
  /** Tells the platform that it may forget its copy; a 404 is success (§7.5). An error is tried again. */
  readonly acknowledge: (fileId: string) => ObservableInput<unknown>;
  /** Makes it durable that the platform knows; an error is tried again, never dropped. */
  readonly settle: (fileId: string) => ObservableInput<unknown>;
  /** Ids of files whose copy at the platform is needed after all: the agent's own (W-39), or lost here. */
  readonly withdrawn: Observable<string>;
  /** The same places as the fetches take: both count as connections for content. */
  readonly ownSlots: Slots;
  readonly sharedSlots: Slots;
  /** The pause after the `failures`th failure in a row (1, 2, 3 …), milliseconds: growing, with an end. */
  readonly retryDelayMs: (failures: number) => number;
  readonly scheduler?: SchedulerLike;
}

/**
 * Acknowledges files whose staging is durable, and only those: `staged` says so by naming them. Each is tried until the
 * platform has taken it; a day later it no longer knows the file, which ends the last of them (§7.5). A file under way
 * is not started twice, one that is withdrawn is not tried again. Emits each file id once its acknowledgement is durable.
 * Never errors.
 */
export function acknowledgeUploads(
  staged: Observable<string>,
  deps: AcknowledgeUploadsDeps,
): Observable<string> {
  return defer(() => {
    const underWay = new Set<string>();
    return staged.pipe(
      filter((fileId) => !underWay.has(fileId)),
      mergeMap((fileId) => {
        underWay.add(fileId);
        return concat(
          acknowledged(fileId, deps).pipe(untilDone(deps)),
          defer(() => deps.settle(fileId)).pipe(ignoreElements(), untilDone(deps)),
          of(fileId),
        ).pipe(
          takeUntil(deps.withdrawn.pipe(filter((withdrawn) => withdrawn === fileId))),
          finalize(() => underWay.delete(fileId)),
        );
      }),
    );
  });
}

function acknowledged(fileId: string, deps: AcknowledgeUploadsDeps): Observable<never> {
  return defer(() => deps.acknowledge(fileId)).pipe(
    ignoreElements(),
    withSlot(deps.sharedSlots),
    withSlot(deps.ownSlots),
  );
}

function untilDone({ retryDelayMs, scheduler = asyncScheduler }: AcknowledgeUploadsDeps) {
  return retry<never>({ delay: (_, failures) => timer(retryDelayMs(failures), scheduler) });
}
