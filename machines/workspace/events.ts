import type { EventData } from '../../src/domain/events.ts';
import type { Notice } from '../notice.ts';
import type { WakeUpSignal } from './actors.ts';

/** What can be told to a workspace machine. */
export type WorkspaceEvent =
  /** Another window took delivery over: everything ends here until it is acquired again. */
  | { readonly type: 'delivery.lost' }
  /** The inbox holds all that it may; the platform keeps the rows until it is drained. */
  | { readonly type: 'inbox.filled' }
  | { readonly type: 'inbox.drained' }
  /** The log cannot be written. A read that rejects with a `StorageError` says the same. */
  | { readonly type: 'storage.failed' }
  | { readonly type: 'storage.healed' }
  /** A timer was far too late: the laptop slept, and whatever was held open is not to be trusted. */
  | { readonly type: 'clock.jumped' }
  /** Ends the machine for good. */
  | { readonly type: 'stop' }
  | WakeUpSignal
  /** Raised by the machine itself when the stream has ended. */
  | { readonly type: 'wakeUps.closed' };

/** A fact of the workspace's life, for its log. */
export type WorkspaceFact =
  | FactOf<'workspace.registered'>
  | FactOf<'workspace.removed'>
  | FactOf<'token.refused'>
  | FactOf<'token.accepted'>
  | FactOf<'feed.recovered'>
  /** The cursor's id is the log's to know: whoever records the fact adds it. */
  | { readonly type: 'feed.cursorExpired'; readonly data: Record<string, never> };

interface FactOf<
  Type extends
    | 'workspace.registered'
    | 'workspace.removed'
    | 'token.refused'
    | 'token.accepted'
    | 'feed.recovered',
> {
  readonly type: Type;
  readonly data: EventData<Type>;
}

/** What leaves the machine: listen with `actor.on('fact', …)` and `actor.on('notice', …)`. */
export type WorkspaceEmitted = { readonly type: 'fact'; readonly event: WorkspaceFact } | Notice;
