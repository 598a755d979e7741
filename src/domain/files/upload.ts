import type { FeedPoint } from '../events.ts';
import type { Attachment, FileReference } from '../message.ts';
import { DAY_MS } from '../time.ts';

/** The one named outcome of a file: what the agent is told, and why where there is no file. */
export type UploadOutcome =
  | { readonly status: 'staged'; readonly path: string; readonly bytes: number; readonly mimeType: string }
  | { readonly status: 'pending' | 'expired' | 'too_large' | 'failed'; readonly reason: string };

/** How one announced file stands in the folded state. */
export interface Upload {
  readonly fileId: string;
  readonly uri: string;
  /** Sanitised. */
  readonly name: string;
  readonly mimeType: string;
  /** Bytes as announced; null when nobody said. */
  readonly size: number | null;
  /** Its row in the feed; null when only a message cited it. */
  readonly row: FeedPoint | null;
  /** When it was announced, milliseconds since the epoch by our clock. */
  readonly announcedAtMs: number;
  outcome: UploadOutcome;
  /** Fetches that failed so far, over restarts. */
  attempts: number;
  /** When the next fetch is due, milliseconds since the epoch; 0 = at once. */
  retryAtMs: number;
  /** The platform was told that it may forget its copy (§7.5). */
  acknowledged: boolean;
  /** The message that shows it; null while no chat has followed. */
  shownBy: string | null;
  /** The last message that was told it as missing; null when there is none, or when one was told it as staged since. */
  missedBy: string | null;
  /** The agent's own sending that it may or does belong to; null for the user's. Such a file is never acknowledged. */
  sendingId: string | null;
}

/** Whether it is to be fetched: what may be the agent's own is left alone until a message cites it (§7.6, W-39). */
export function isWanted({ outcome, sendingId, shownBy }: Upload): boolean {
  return !isSettled(outcome) && (sendingId === null || shownBy !== null);
}

/** Whether it waits for a chat of its conversation to show it. */
export function isUnshown({ shownBy, sendingId }: Upload): boolean {
  return shownBy === null && sendingId === null;
}

/** Whether the platform may forget its copy: it is on disk here, and it is surely not the agent's own. */
export function isToAcknowledge({ outcome, acknowledged, sendingId }: Upload): boolean {
  return outcome.status === 'staged' && !acknowledged && sendingId === null;
}

/** Whether the outcome can no longer change: a staged, expired or too large file is never fetched again. */
export function isSettled(outcome: UploadOutcome): boolean {
  return outcome.status === 'staged' || outcome.status === 'expired' || outcome.status === 'too_large';
}

/** The attachment that an agent sees for a file and its outcome: the local path, or why there is none. */
export function toAttachment(file: FileReference, outcome: UploadOutcome): Attachment {
  if (outcome.status === 'staged') {
    return {
      uri: localUri(outcome.path),
      status: 'staged',
      name: file.name,
      ...(outcome.mimeType ? { mimeType: outcome.mimeType } : {}),
      size: outcome.bytes,
      path: outcome.path,
      file_url: fileUrl(outcome.path),
    };
  }
  return {
    uri: file.uri,
    status: outcome.status,
    name: file.name,
    ...(file.mimeType ? { mimeType: file.mimeType } : {}),
    ...(file.size === undefined ? {} : { size: file.size }),
    reason: outcome.reason,
  };
}

/** How a file on the disk is spelled inside a message (C7-12). */
export function localUri(path: string): string {
  return `workspace:${path}`;
}

/** The `file://` URL of an absolute local path, POSIX or Windows. */
export function fileUrl(path: string): string {
  const slashed = path.replaceAll('\\', '/');
  const rooted = slashed.startsWith('/') ? slashed : `/${slashed}`;
  return `file://${rooted
    .split('/')
    .map(encodeURIComponent)
    .join('/')
    .replace(/^\/([A-Za-z])%3A/, '/$1:')}`;
}

/** How long the platform keeps a file, 24 hours from its upload (§7.5): after that no fetch can succeed, and no row be about it. */
export const PLATFORM_KEEPS_MS = DAY_MS;
