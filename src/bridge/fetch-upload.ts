import { PlatformError } from '../domain/platform-error.ts';
import type { WorkspacePlatform } from '../domain/ports/platform.ts';
import type { Clock } from '../domain/ports/runtime.ts';
import { type FileStore, StorageError } from '../domain/ports/storage.ts';
import type { Upload, UploadOutcome } from '../domain/upload.ts';

/** What fetching one file takes. */
export interface UploadFetcher {
  readonly platform: Pick<WorkspacePlatform, 'openUpload'>;
  readonly files: Pick<FileStore, 'stage'>;
  /** The largest file that is fetched, bytes. */
  readonly maxBytes: () => number;
  readonly clock: Clock;
}

/**
 * Brings one upload onto the disk: from the platform's stream straight into the file store, never whole in memory.
 * Always resolves with the file's outcome; `failed` means that a later try may do better (§7.4, §7.5).
 */
export async function fetchUpload(
  upload: Upload,
  fetcher: UploadFetcher,
  signal: AbortSignal,
): Promise<UploadOutcome> {
  const maxBytes = fetcher.maxBytes();
  if (fetcher.clock() - upload.announcedAtMs > KEPT_FOR_MS) {
    return { status: 'expired', reason: 'the platform keeps a file for 24 hours, and that time has passed' };
  }
  if (upload.size !== null && upload.size > maxBytes) return tooLarge(upload.size, maxBytes);
  try {
    const download = await fetcher.platform.openUpload(upload.fileId, signal);
    if (download.contentLength !== null && download.contentLength > maxBytes) {
      return tooLarge(download.contentLength, maxBytes);
    }
    const expectedBytes = [upload.size, download.contentLength].filter((bytes) => bytes !== null);
    const staged = await fetcher.files.stage(
      { fileId: upload.fileId, name: upload.name, expectedBytes, maxBytes },
      download.body,
      signal,
    );
    return {
      status: 'staged',
      path: staged.path,
      bytes: staged.bytes,
      mimeType: upload.mimeType || download.mimeType,
    };
  } catch (error) {
    return outcomeOf(error, maxBytes);
  }
}

function outcomeOf(error: unknown, maxBytes: number): UploadOutcome {
  if (error instanceof PlatformError) {
    if (error.kind === 'not-found')
      return { status: 'expired', reason: 'the platform no longer has this file' };
    if (error.kind === 'too-large') return tooLarge(null, maxBytes);
    return { status: 'failed', reason: error.message };
  }
  if (error instanceof StorageError && error.kind === 'too-large') return tooLarge(null, maxBytes);
  return { status: 'failed', reason: error instanceof Error ? error.message : 'unknown trouble' };
}

function tooLarge(bytes: number | null, maxBytes: number): UploadOutcome {
  const size = bytes === null ? 'more' : `${bytes} bytes`;
  return {
    status: 'too_large',
    reason: `it has ${size}, and the limit is ${maxBytes} bytes (MOLECULE_UPLOAD_MAX_BYTES)`,
  };
}

const KEPT_FOR_MS = 24 * 3600 * 1000;
