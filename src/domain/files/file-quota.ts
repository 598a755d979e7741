import { DAY_MS } from '../time.ts';
import { isSettled, isUnshown, type Upload } from './upload.ts';

/** How much is kept: 7 days and 2 GiB unless configured otherwise. */
export interface FileQuota {
  readonly maxAgeMs: number;
  readonly maxBytes: number;
}

/**
 * Which files to delete and forget: those past their age, and then the oldest until the rest fits. What a message that
 * still waits shows, or will show, is never deleted; it counts against the bytes all the same. A file without a copy here only ever ages.
 * Returns ids, oldest first.
 */
export function planForgetting(
  uploads: readonly Upload[],
  shown: ReadonlySet<string>,
  nowMs: number,
  { maxAgeMs, maxBytes }: FileQuota,
): readonly string[] {
  let excess = uploads.reduce((sum, upload) => sum + bytesOf(upload), 0) - maxBytes;
  return uploads
    .filter((upload) => !shown.has(upload.fileId) && !isToBeShown(upload))
    .sort((one, other) => one.announcedAtMs - other.announcedAtMs)
    .filter((upload) => {
      const bytes = bytesOf(upload);
      const isOld =
        nowMs - upload.announcedAtMs > maxAgeMs && (isSettled(upload.outcome) || isSuspect(upload));
      const goes = isOld || (bytes > 0 && excess > 0);
      if (goes) excess -= bytes;
      return goes;
    })
    .map(({ fileId }) => fileId);
}

/** Here, and no message has shown it yet: a chat, or a notice of its own, is still to come. */
function isToBeShown(upload: Upload): boolean {
  return upload.outcome.status === 'staged' && (isUnshown(upload) || upload.missedBy !== null);
}

function bytesOf({ outcome }: Upload): number {
  return outcome.status === 'staged' ? outcome.bytes : 0;
}

/** Never fetched, since it may be the agent's own (W-39). */
function isSuspect({ sendingId }: Upload): boolean {
  return sendingId !== null;
}

/** 7 days and 2 GiB. */
export const DEFAULT_FILE_QUOTA: FileQuota = { maxAgeMs: 7 * DAY_MS, maxBytes: 2 * 1024 ** 3 };
