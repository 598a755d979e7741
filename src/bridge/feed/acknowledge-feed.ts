import {
  catchError,
  EMPTY,
  exhaustMap,
  filter,
  interval,
  merge,
  type Subscription,
  startWith,
  throttleTime,
} from 'rxjs';
import { ackableSeq } from '../../domain/inbox/acked-seq.ts';
import type { WorkspacePlatform } from '../../domain/ports/platform.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { fromAbortable } from '../abortable.ts';
import type { Pace } from '../pacing/pace.ts';
import type { Features } from './features.ts';

/** What acknowledging a feed takes. */
export interface FeedAckParts {
  readonly workspaceId: string;
  readonly platform: Pick<WorkspacePlatform, 'call'>;
  readonly ledger: Ledger;
  readonly features: Features;
  readonly pace: Pace;
  /** At most once in so long, milliseconds. */
  readonly everyMs: number;
}

/**
 * Tells the server how far its rows are safe here (`POST /activity/ack`, §15.4), so that it keeps what this machine could
 * still lose, and a new machine knows what was not read. Only when there is more to tell; one that fails is made up for by
 * the next. A server without the route is not asked.
 */
export function acknowledgeFeed(parts: FeedAckParts): Subscription {
  const { ledger, features, pace } = parts;
  let acknowledged = -1;

  function untold(): number | null {
    const seq = features.found().has('activity_ack') ? ackableSeq(ledger.state) : null;
    return seq !== null && seq > acknowledged ? seq : null;
  }

  async function acknowledge(signal: AbortSignal): Promise<void> {
    const seq = untold();
    if (seq === null) return;
    const path = `/workspaces/${parts.workspaceId}/activity/ack`;
    await parts.platform.call({ method: 'POST', path, json: { acked_seq: seq }, canWait: true }, signal);
    acknowledged = seq;
  }

  return merge(
    ledger.events$.pipe(filter(({ type }) => MOVES.has(type))),
    features.changes$,
    interval(LOOK_EVERY_MS, pace.scheduler),
  )
    .pipe(
      // It may have been started by the very event after which there is something to tell.
      startWith(null),
      filter(() => untold() !== null),
      throttleTime(parts.everyMs, pace.scheduler, { leading: true, trailing: true }),
      exhaustMap(() => fromAbortable(acknowledge).pipe(catchError(() => EMPTY))),
    )
    .subscribe();
}

/** Events after which more may be safe. */
const MOVES: ReadonlySet<string> = new Set(['cursor.advanced', 'message.popped', 'upload.created']);
const LOOK_EVERY_MS = 300_000;
