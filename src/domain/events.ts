import type { UploadOutcome } from './files/upload.ts';
import type { FileReference, InboxMessage } from './message.ts';

/** A place in the feed: a row's id and its `created_at` in microseconds since the epoch (protocol.md §13). */
export interface FeedPoint {
  readonly id: string;
  readonly atMicros: number;
  /** HEAD only (§15.4): for acknowledging, never for order. */
  readonly seq?: number;
}

/** Everything that can have happened in one workspace: past tense, dotted, plain data. The log holds nothing else. */
export type DomainEvent =
  // The workspace's life
  | Happened<'session.opened', { readonly session: number }>
  | Happened<'workspace.registered', { readonly deliveryMode: string }>
  | Happened<'workspace.removed', { readonly removedAt: string | null }>
  | Happened<'token.refused', { readonly during: string; readonly status: number }>
  | Happened<'token.accepted', Record<string, never>>
  // The feed
  | Happened<
      'feed.opened',
      {
        readonly floorMicros: number;
        readonly cursor: FeedPoint | null;
        readonly origin: 'backlog' | 'imported' | 'unread';
        /** `unread`: rows up to this `seq` were dealt with on another machine (§15.4). */
        readonly ackedSeq?: number;
      }
    >
  | Happened<'feed.cursorExpired', { readonly cursorId: string }>
  | Happened<'feed.recovered', { readonly sinceMicros: number; readonly rows: number }>
  | Happened<'cursor.advanced', { readonly cursor: FeedPoint | null; readonly floorMicros: number }>
  | Happened<'row.skipped', { readonly row: FeedPoint; readonly reason: SkipReason }>
  | Happened<'row.unreadable', { readonly row: FeedPoint; readonly reason: string }>
  // Messages
  | Happened<
      'message.received',
      {
        readonly message: InboxMessage;
        readonly row: FeedPoint;
        readonly conversation: string;
        readonly files: readonly FileReference[];
      }
    >
  | Happened<'message.released', { readonly activityId: string; readonly outcomes: readonly FileOutcome[] }>
  | Happened<'message.offered', { readonly activityIds: readonly string[]; readonly session: number }>
  | Happened<'message.popped', { readonly activityId: string; readonly by: 'pop' | 'answer' }>
  /** A request is no longer open, and its message is gone (§15.10). */
  | Happened<'request.closed', { readonly requestId: string }>
  // Files
  | Happened<
      'upload.announced',
      {
        readonly fileId: string;
        readonly row: FeedPoint | null;
        readonly uri: string;
        readonly name: string;
        readonly mimeType: string;
        readonly size: number | null;
        /** The unfinished sending whose file this may be: then whose it is shows later (W-39). */
        readonly sendingId?: string;
      }
    >
  // The agent's own files: the intention, which of them the platform took, and that no more will come of it
  | Happened<'upload.sending', { readonly sendingId: string; readonly files: readonly SentFile[] }>
  | Happened<'upload.created', { readonly fileId: string }>
  | Happened<'upload.sent', { readonly sendingId: string }>
  | Happened<
      'upload.staged',
      { readonly fileId: string; readonly path: string; readonly bytes: number; readonly mimeType: string }
    >
  | Happened<'upload.acknowledged', { readonly fileId: string }>
  | Happened<
      'upload.failed',
      {
        readonly fileId: string;
        readonly reason: string;
        readonly attempts: number;
        readonly retryAtMs: number;
      }
    >
  | Happened<'upload.expired', { readonly fileId: string; readonly reason: string }>
  | Happened<'upload.tooLarge', { readonly fileId: string; readonly reason: string }>
  | Happened<'upload.lost', { readonly fileId: string }>
  | Happened<'upload.deleted', { readonly fileId: string }>;

interface Happened<Type extends string, Data> {
  readonly type: Type;
  readonly data: Data;
}

/**
 * Why a row is no message (§4.5): the agent's own echo, report or upload; a queued envelope posing as a result (§8.1);
 * an upload announced before; a row of another activity; one that another machine has acknowledged (§15.4).
 */
export type SkipReason =
  | 'own_echo'
  | 'own_report'
  | 'own_upload'
  | 'queued_envelope'
  | 'known_upload'
  | 'other_activity'
  | 'acknowledged';

/** A file that the agent sends up, as its row in the feed will describe it; the name is sanitised. */
export interface SentFile {
  readonly name: string;
  readonly size: number;
}

/** What a message was told about one of its files when it was released. */
export interface FileOutcome {
  readonly fileId: string | null;
  readonly outcome: UploadOutcome;
}

/** An event as the log holds it: with the format's version, its place (1, 2, 3 …, no gaps) and its time. */
export type StoredEvent = DomainEvent & {
  readonly v: 1;
  readonly seq: number;
  /** When it was recorded, RFC 3339 UTC, milliseconds. */
  readonly at: string;
};

/** The data of one type of event. */
export type EventData<Type extends DomainEvent['type']> = Extract<DomainEvent, { type: Type }>['data'];
