import { fromEventObservable, fromPromise } from 'xstate';

/** What every I/O actor of the workspace machine is told: whose work it is. One provided machine serves all workspaces. */
export interface WorkspaceCall {
  readonly workspaceId: string;
}

/** A read of the feed: a `poll` from where it stands, or a `recover` after a 410 (protocol.md §13, rule 4). */
export interface ReadFeedInput extends WorkspaceCall {
  readonly mode: 'poll' | 'recover';
}

/** What one read of the feed came to, everything durable by then. */
export interface FeedReading {
  /** Rows that were new. */
  readonly rows: number;
  /** Whether the stored cursor stays behind what was read, so that rows committed late are still looked for. */
  readonly lags?: boolean;
  /** From where it read, microseconds since the epoch: the cursor's time, or the floor of a recovery. */
  readonly sinceMicros: number;
}

/** What the platform says about a workspace whose credential it refused (§2.2, §10.4). */
export type AccessVerdict =
  /** The token, read again, works: it was rotated, or the refusal has passed. */
  | { readonly verdict: 'accepted' }
  /** The workspace lives, the token does not. `status` is the refusal's, 401 or 403. */
  | { readonly verdict: 'refused'; readonly status: number }
  | { readonly verdict: 'removed'; readonly removedAt: string | null };

/** What follows from the wake-up stream (§12.1). */
export type WakeUpSignal =
  /** The stream is alive: its first frame has come. */
  | { readonly type: 'wakeUps.opened' }
  /** Something was written: poll. */
  | { readonly type: 'feed.wake' };

/**
 * The I/O of a workspace, by name. All of them are filled by `machine.provide`; unfilled ones fail with `… is not
 * provided`. A promise's `signal` fires when its state is left: let go at once, settle whenever.
 */
export const workspaceActors = {
  /** Resolves once this process delivers the workspace (issue "Nothing lost": one window delivers). */
  acquireDelivery: fromPromise<void, WorkspaceCall>(() => missing('acquireDelivery')),
  /** `POST /registry/register` (§3.1). */
  register: fromPromise<{ readonly deliveryMode: string }, WorkspaceCall>(() => missing('register')),
  /** `POST /registry/heartbeat` (§3.2). */
  heartbeat: fromPromise<void, WorkspaceCall>(() => missing('heartbeat')),
  /** Reads all that the feed has now, and resolves when it is durable. */
  readFeed: fromPromise<FeedReading, ReadFeedInput>(() => missing('readFeed')),
  /** Reads the token again and asks whether it works; rejects when neither can be told (no connection, 5xx). */
  confirmAccess: fromPromise<AccessVerdict, WorkspaceCall>(() => missing('confirmAccess')),
  /** Follows `GET /workspaces/:id/events/stream`; ends or fails when the stream does. */
  followWakeUps: fromEventObservable<WakeUpSignal, WorkspaceCall>(() => ({
    subscribe: (observer) => {
      if (typeof observer !== 'function') observer.error?.(notProvided('followWakeUps'));
      return { unsubscribe: () => {} };
    },
  })),
};

async function missing(name: string): Promise<never> {
  throw notProvided(name);
}

function notProvided(name: string): Error {
  return new Error(`the actor ${name} is not provided`);
}
