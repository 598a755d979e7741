import type { ByteSource } from './bytes.ts';

/**
 * The files that this program keeps: private to their owner, durable, never reached through a symlink.
 * `adapters/disk` is the one implementation; the storage adapters are given it, so that a test can make each of its
 * steps fail. Every method rejects with a `StorageError` whose message is one line for a person.
 */
export interface Disk {
  /**
   * Makes a folder (0700) with its missing parents. One that exists must be a real folder of ours (or root's); loose modes
   * are tightened, or left and said when others share the folder by design.
   */
  ensureFolder(path: string, modes?: 'tighten' | 'leave'): Promise<void>;
  /** Opens an existing regular file, null when there is none. Refuses symlinks and files of others; tightens modes to 0600. */
  openFile(path: string, access: 'read' | 'write'): Promise<DiskFile | null>;
  /**
   * Puts a whole file in place or leaves everything as it was: exclusive private temp in the same folder, gathered in
   * a MiB of memory at most, fsync, rename, fsync of the folder. Whatever `body` rejects with passes through.
   * `tag` names the temp for {@link Disk.sweepTemps}; default the file's own name. Resolves with the file's length.
   */
  replaceFile(path: string, body: ByteSource, tag?: string): Promise<number>;
  /** Removes the temps that a crash of {@link Disk.replaceFile} left under this tag. Only their one writer may call it. */
  sweepTemps(folder: string, tag: string): Promise<void>;
  /** Makes creations, renames and removals in a folder durable. */
  syncFolder(path: string): Promise<void>;
  /** What is at a path, the link itself if it is one; null for nothing. */
  look(path: string): Promise<DiskEntry | null>;
  /** Removes a file or a link, never what it points to; a missing one is fine. */
  removeFile(path: string): Promise<void>;
  /** Removes a folder with all that is in it, following no link; a missing one is fine. */
  removeFolder(path: string): Promise<void>;
  /** The names in a folder, sorted; none when it is missing. */
  list(path: string): Promise<readonly string[]>;
}

/** An open regular file. */
export interface DiskFile {
  size(): Promise<number>;
  /** Up to `length` bytes; fewer only at the file's end. */
  read(position: number, length: number): Promise<Uint8Array>;
  /** All of these bytes. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  truncate(size: number): Promise<void>;
  /** Resolves when what was written, and the size, survive a power cut. */
  datasync(): Promise<void>;
  close(): Promise<void>;
}

/** What a path names. */
export interface DiskEntry {
  readonly kind: 'file' | 'folder' | 'symlink' | 'other';
  readonly bytes: number;
  readonly modifiedAtMs: number;
}
