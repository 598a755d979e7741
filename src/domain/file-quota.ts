/** A staged file that the log names. */
export interface QuotaFile {
  readonly fileId: string;
  readonly bytes: number;
  /** When it was announced or staged, milliseconds since the epoch. */
  readonly atMs: number;
}

/** How much is kept: 7 days and 2 GiB unless configured otherwise. */
export interface FileQuota {
  readonly maxAgeMs: number;
  readonly maxBytes: number;
}

/**
 * Which staged files to delete: those past their age, and then the oldest until the rest fits. What a message that still
 * waits shows is never deleted; it counts against the bytes all the same. Returns ids, oldest first.
 */
export function planFileRemoval(
  files: readonly QuotaFile[],
  shown: ReadonlySet<string>,
  nowMs: number,
  { maxAgeMs, maxBytes }: FileQuota,
): readonly string[] {
  let excess = files.reduce((sum, { bytes }) => sum + bytes, 0) - maxBytes;
  return files
    .filter(({ fileId }) => !shown.has(fileId))
    .sort((one, other) => one.atMs - other.atMs)
    .filter(({ atMs, bytes }) => {
      const goes = excess > 0 || nowMs - atMs > maxAgeMs;
      if (goes) excess -= bytes;
      return goes;
    })
    .map(({ fileId }) => fileId);
}

/** 7 days and 2 GiB. */
export const DEFAULT_FILE_QUOTA: FileQuota = { maxAgeMs: 7 * 24 * 3600 * 1000, maxBytes: 2 * 1024 ** 3 };
