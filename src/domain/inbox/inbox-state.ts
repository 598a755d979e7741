import type { FeedPoint, SentFile } from '../events.ts';
import type { Upload, UploadOutcome } from '../files/upload.ts';
import type { FileReference, InboxMessage } from '../message.ts';
import { createSeenIds, type SeenIds } from './seen-ids.ts';

/**
 * The fold of one workspace's events: what is known, what waits, where the feed stands.
 * `evolve` owns and changes it in place (10,000 rows at once would drown in copies); everybody else only reads.
 * Maps keep insertion order: `held` as received, `inbox` as released. Their messages are replaced, never changed, so that
 * a copy of the maps' values is a copy of the state.
 */
export interface InboxState {
  /** The last event folded in; 0 for none. */
  seq: number;
  /** How many bridge processes have delivered this workspace. */
  session: number;
  /** Where the feed's first look began, or null before it. */
  feed: FeedState | null;
  registeredAs: string | null;
  access: 'unknown' | 'accepted' | 'refused' | 'removed';
  /** Every row above the floor: never taken again. */
  readonly seen: SeenIds;
  /** Received, waiting at the barrier for files or for an earlier message of their conversation. */
  readonly held: Map<string, HeldMessage>;
  /** Released and not popped: the inbox. */
  readonly inbox: Map<string, WaitingMessage>;
  readonly uploads: Map<string, Upload>;
  /** Announced uploads that no message shows yet, in order; derived from `uploads`. */
  readonly unshownUploads: Set<string>;
  /** File ids that the agent itself uploaded: never fetched, never acknowledged (W-39). Value: when, milliseconds. */
  readonly ownUploads: Map<string, number>;
  /** Files that the agent began to send and whose ids are not known (yet): rows that look like them may be them. */
  readonly sendings: Map<string, Sending>;
  /** Requests that became messages, wait or were popped in this session, and are open as far as known (§15.10). */
  readonly requests: Set<string>;
  /** When a message was last popped, milliseconds since the epoch; 0 for never as far as is known. */
  poppedAtMs: number;
  readonly counts: {
    received: number;
    popped: number;
    skipped: number;
    unreadable: number;
    /** Notices of the platform among the popped (§15.15). */
    noticesPopped: number;
  };
  /** UTF-16 code units of the text in `held` and `inbox`: the memory bound's measure. */
  bodyChars: number;
}

/** Own files on their way up, or left unclear by a lost reply or a crash. */
export interface Sending {
  readonly files: readonly SentFile[];
  /** When it began, milliseconds since the epoch by our clock. */
  readonly atMs: number;
}

/** Where the feed stands (protocol.md §13). */
export interface FeedState {
  /** The stored cursor: lags behind the newest row; null until a row was old enough, or after a 410. */
  cursor: FeedPoint | null;
  /** Rows created before this count as seen and are never asked for. */
  floorMicros: number;
  /** The floor never sinks below this: the first start's or the imported cursor's point. */
  readonly startMicros: number;
  /** Rows up to this `seq` were dealt with on another machine before the first look; absent for none. */
  readonly ackedSeq?: number;
}

/** A message at the barrier. */
export interface HeldMessage {
  readonly message: InboxMessage;
  readonly row: FeedPoint;
  readonly conversation: string;
  readonly files: readonly FileReference[];
}

/** A message in the inbox. */
export interface WaitingMessage extends HeldMessage {
  /** Outcomes as told at release, in the order of `files`; what the state knows by now may be better. */
  readonly outcomes: readonly UploadOutcome[];
  /** The event that released it: shown only once that is durable. */
  readonly releasedSeq: number;
  /** Sessions in which it was offered, oldest first. */
  readonly offeredIn: readonly number[];
  /** When it was first offered, milliseconds since the epoch; absent when it was not, or nobody knows any more. */
  readonly offeredAtMs?: number;
}

/** A state in which nothing has happened. */
export function initialState(): InboxState {
  return {
    seq: 0,
    session: 0,
    feed: null,
    registeredAs: null,
    access: 'unknown',
    seen: createSeenIds(),
    held: new Map(),
    inbox: new Map(),
    uploads: new Map(),
    unshownUploads: new Set(),
    ownUploads: new Map(),
    sendings: new Map(),
    requests: new Set(),
    poppedAtMs: 0,
    counts: { received: 0, popped: 0, skipped: 0, unreadable: 0, noticesPopped: 0 },
    bodyChars: 0,
  };
}
