import {
  catchError,
  EMPTY,
  filter,
  interval,
  merge,
  type Observable,
  retry,
  type Subscription,
  switchMap,
  throttleTime,
  timer,
} from 'rxjs';
import { isOpen, readRequest } from '../../domain/inbox/requests.ts';
import type { WorkspacePlatform } from '../../domain/ports/platform.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { fromAbortable } from '../abortable.ts';
import type { Pace } from '../pacing/pace.ts';
import type { Features } from './features.ts';
import type { Heard } from './hear-platform.ts';

/** What following requests takes. */
export interface FollowRequestsParts {
  readonly workspaceId: string;
  readonly platform: Pick<WorkspacePlatform, 'call'>;
  readonly ledger: Ledger;
  readonly hasRoom: () => boolean;
  readonly features: Features;
  readonly heard$: Observable<Heard>;
  readonly pace: Pace;
}

/**
 * Brings the requests that are addressed to this agent into its inbox (§15.10). No row of the feed tells of them, so they
 * are asked for when an event says so, after each reconnect, and every five minutes. A server without them is not asked.
 */
export function followRequests(parts: FollowRequestsParts): Subscription {
  const { ledger, features, heard$, pace } = parts;

  async function read(signal: AbortSignal): Promise<void> {
    if (!features.found().has('requests') || !parts.hasRoom()) return;
    const path = `/workspaces/${parts.workspaceId}/requests/inbox`;
    const { body } = await parts.platform.call({ method: 'GET', path }, signal);
    if (!Array.isArray(body)) return;
    const open = body
      .map(readRequest)
      .filter((request) => request !== null)
      .filter(isOpen);
    // Newest first as served; the inbox is oldest first.
    await ledger.commit({ type: 'takeRequests', open: open.reverse() });
  }

  return merge(
    features.changes$,
    heard$.pipe(filter(tellsOfRequests)),
    interval(LOOK_EVERY_MS, pace.scheduler),
  )
    .pipe(
      throttleTime(COALESCE_MS, pace.scheduler, { leading: true, trailing: true }),
      // An event while they are read may tell of one that is not in that reply.
      switchMap(() =>
        fromAbortable(read).pipe(
          retry({ count: RETRIES, delay: () => timer(RETRY_AFTER_MS, pace.scheduler) }),
          catchError(() => EMPTY),
        ),
      ),
    )
    .subscribe();
}

function tellsOfRequests(heard: Heard): boolean {
  if (heard.type !== 'frame') return false;
  return heard.frame.type === 'open' || heard.frame.type.startsWith('REQUEST_');
}

const COALESCE_MS = 250;
const LOOK_EVERY_MS = 300_000;
const RETRIES = 3;
const RETRY_AFTER_MS = 10_000;
