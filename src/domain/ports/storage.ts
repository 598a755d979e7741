import type { StoredEvent } from '../events.ts';
import type { InboxState } from '../inbox/inbox-state.ts';
import type { ByteSource } from './bytes.ts';

/**
 * One workspace's append-only log, `events.jsonl`, with its snapshot; `adapters/event-log` is the one implementation.
 * One process owns a log at a time (the delivery lock sees to it).
 */
export interface EventLog {
  /**
   * Reads what is durable: the snapshot if it fits the log, else the log from its start (whose first line may hold a
   * compacted state). A torn last line is cut off with one line on stderr. A damaged middle rejects with a
   * {@link StorageError}: never a silent restart from nothing.
   */
  load(): Promise<LoadedLog>;
  /** Appends and `fdatasync`s one batch; resolves when it is durable. After a failure the file is as it was before. */
  append(events: readonly StoredEvent[]): Promise<void>;
  /** Writes the snapshot of a state that the log already holds, beside further appends. A cache: a failure is reported, not thrown. */
  saveSnapshot(state: InboxState): Promise<void>;
  /**
   * Replaces the log by one that begins with the folded state (version, checksum) and goes on with what is appended
   * meanwhile: it is written beside further appends, which wait only for its end (fsync, rename, fsync directory).
   */
  compact(state: InboxState): Promise<void>;
  /** Bytes of the log now. */
  readonly sizeBytes: number;
  /** When this log was begun, first or by its last compaction, milliseconds since the epoch; null or absent when unknown. */
  readonly begunAtMs?: number | null;
  /** Finishes what is under way; gives up a snapshot or compaction that takes longer than a moment. */
  close(): Promise<void>;
}

/** What a log held: a state to start from and the events after it, oldest first. */
export interface LoadedLog {
  readonly state: InboxState;
  readonly tail: readonly StoredEvent[];
}

/** Where uploads are staged; `adapters/staged-files` is the one implementation. */
export interface FileStore {
  /**
   * Streams a body into a temp file (exclusive, 0600, no symlink below the root), counts bytes against `maxBytes` and
   * `expectedBytes`, fsyncs, renames to `<32 hex of file_id>-<sanitised name>`, fsyncs the directory. A file already
   * there under that name with the expected size is kept. Rejects with {@link StorageError}, with the signal's reason,
   * or with what the body rejected with; leaves no partial file.
   */
  stage(file: FileToStage, body: ByteSource, signal: AbortSignal): Promise<StagedFile>;
  /** Whether a staged path still is a regular file of that size. */
  holds(path: string, bytes: number): Promise<boolean>;
  /** Removes one staged file that the log names; a missing one is fine. */
  remove(path: string): Promise<void>;
  /** Removes temps left over by a crash; called at start. */
  sweep(): Promise<void>;
}

/** What to stage and what it must come to. */
export interface FileToStage {
  readonly fileId: string;
  /** As announced; sanitised by the store. */
  readonly name: string;
  /** Every length that was announced (row's size, Content-Length); all must match. */
  readonly expectedBytes: readonly number[];
  readonly maxBytes: number;
}

/** A file on disk, durable. */
export interface StagedFile {
  readonly path: string;
  readonly bytes: number;
}

/** Why storage failed, by what there is to do about it. */
export type StorageErrorKind =
  | 'damaged'
  | 'read-only'
  | 'full'
  | 'not-a-directory'
  | 'not-owned'
  | 'symlink'
  | 'too-large'
  | 'wrong-length'
  | 'locked'
  | 'failed';

/** The one error of the storage adapters; `message` is one line for a person and says what to do. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly kind: StorageErrorKind;

  constructor(kind: StorageErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
  }
}
