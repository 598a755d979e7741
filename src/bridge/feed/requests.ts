import { type Observable, Subscription } from 'rxjs';
import { isOpen, readRequest } from '../../domain/inbox/requests.ts';
import type { WorkspacePlatform } from '../../domain/ports/platform.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { createErrand } from '../errand.ts';
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
 * are asked for when an event says so, after each reconnect, and with the first heartbeat or poll after five minutes. A
 * server without them is not asked.
 */
export function followRequests(parts: FollowRequestsParts): Subscription {
  const { ledger, features, heard$, pace } = parts;
  let nextLookMs = pace.steadyMs() + LOOK_EVERY_MS;
  let failures = 0;

  async function look(signal: AbortSignal): Promise<void> {
    if (!features.found().has('requests') || !parts.hasRoom()) return;
    nextLookMs = Number.POSITIVE_INFINITY;
    try {
      await read(signal);
      failures = 0;
    } catch {
      failures += 1;
    }
    const isTriedSoon = failures > 0 && failures <= RETRIES;
    nextLookMs = pace.steadyMs() + (isTriedSoon ? RETRY_AFTER_MS : LOOK_EVERY_MS);
  }

  async function read(signal: AbortSignal): Promise<void> {
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

  /** Heartbeats and polls are heard all the time, so that no timer need run beside them. */
  function isTimeToLook(): boolean {
    return features.found().has('requests') && pace.steadyMs() >= nextLookMs;
  }

  const reading = createErrand({
    work: look,
    afterMs: COALESCE_MS,
    askedMeanwhile: 'once more',
    againAfterMs: AGAIN_AFTER_MS,
    scheduler: pace.scheduler,
  });
  const following = new Subscription(reading.end);
  following.add(features.changes$.subscribe(reading.ask));
  following.add(
    heard$.subscribe((heard) => {
      if (tellsOfRequests(heard) || isTimeToLook()) reading.ask();
    }),
  );
  return following;
}

function tellsOfRequests(heard: Heard): boolean {
  if (heard.type !== 'frame') return false;
  return heard.frame.type === 'open' || heard.frame.type.startsWith('REQUEST_');
}

const COALESCE_MS = 50;
/** Many requests that change at once are not a read each. */
const AGAIN_AFTER_MS = 250;
const LOOK_EVERY_MS = 300_000;
/** After a read that failed, three times in a row. */
const RETRIES = 3;
const RETRY_AFTER_MS = 10_000;
