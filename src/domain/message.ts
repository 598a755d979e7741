/**
 * The message as the agent sees it: one and the same object behind a push, `inbox_peek`, `wait_for_message`, a resource
 * and the library's `messages$`; what a host gets of it is neutralised on the way out. Field names are the reference client's (C1-28, C6-16); fields are only ever added.
 */
export interface InboxMessage {
  /** The activity row's id; what `inbox_pop` and `reply_to` name. */
  readonly activity_id: string;
  /** What was written, byte for byte; escaping belongs to rendering. */
  readonly text: string;
  /** The sending peer's workspace id; empty for the canvas user and for a delegation's result. */
  readonly peer_id: string;
  readonly kind: MessageKind;
  /** The sender's JSON-RPC method, empty when it sent none. */
  readonly method: string;
  /** The row's `created_at` as served (RFC 3339, up to six fractional digits). */
  readonly created_at: string;
  /** Where it arrived; present only when several workspaces are configured. */
  readonly arrival_workspace_id?: string;
  /** The delegation it answers; only on `delegation_result`. */
  readonly delegation_id?: string;
  /** Why a delegation failed; only on a failed `delegation_result`. */
  readonly error_detail?: string;
  /** Its files with one outcome each; absent when it has none. */
  readonly attachments?: readonly Attachment[];
  /** Offered before, in an earlier session; absent on a first offer. */
  readonly redelivered?: true;
  /** Registry names of the sending peer, when known; display only, never an attestation. */
  readonly peer_name?: string;
  readonly peer_role?: string;
  /** Only the beginning of a broadcast is known: `text` ends with `…` (§15.8). */
  readonly truncated?: true;
  /** What is asked for; only on `request`, whose `activity_id` is the request's id (§15.10). */
  readonly request_kind?: 'task' | 'approval';
}

/**
 * Who speaks. `delegation_result` answers one of the agent's own delegations and has nobody to reply to; `platform_notice`
 * is the platform's own (§15.15), never the user's; a `broadcast` went to everybody (§15.8); a `request` is answered with
 * `respond_to_request` (§15.10).
 */
export type MessageKind =
  | 'canvas_user'
  | 'peer_agent'
  | 'delegation_result'
  | 'upload_notice'
  | 'platform_notice'
  | 'broadcast'
  | 'request';

/** How a file's fetch stands when it is shown: exactly one per file. */
export type AttachmentStatus = 'staged' | 'pending' | 'expired' | 'too_large' | 'failed';

/** One file of a message with its one named outcome. */
export interface Attachment {
  /** `workspace:<path>` when staged, else the `platform-pending:` form (or whatever foreign URI was cited). */
  readonly uri: string;
  readonly status: AttachmentStatus;
  /** Sanitised file name. */
  readonly name: string;
  readonly mimeType?: string;
  /** Bytes: on disk when staged, else as announced. */
  readonly size?: number;
  /** Absolute local path; only when staged. */
  readonly path?: string;
  /** `file://` URL of the path; only when staged. */
  readonly file_url?: string;
  /** Why there is no file (yet); on every status but `staged`. */
  readonly reason?: string;
}

/** A file that a message waits for and shows: cited by it, or announced before it in its conversation. */
export interface FileReference {
  /** The platform's file id; null when the URI names no file of this workspace and can never be fetched. */
  readonly fileId: string | null;
  /** The URI as cited or announced. */
  readonly uri: string;
  readonly name: string;
  readonly mimeType?: string;
  readonly size?: number;
  /** Whether the message's own parts cite it. */
  readonly cited: boolean;
}
