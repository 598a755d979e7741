import { PLATFORM_KEEPS_MS, type Upload, type UploadOutcome } from '../../domain/files/upload.ts';
import { orAborted } from '../../domain/or-aborted.ts';
import type { WorkspacePlatform } from '../../domain/ports/platform.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import { type FileStore, StorageError } from '../../domain/ports/storage.ts';
import { PlatformError } from '../../domain/wire/platform-error.ts';
import type { LargestFile, UploadLimit } from './upload-limit.ts';

/** What fetching one file takes. */
export interface UploadFetcher {
  readonly platform: Pick<WorkspacePlatform, 'openUpload'>;
  readonly files: Pick<FileStore, 'stage'>;
  /** The largest file that is fetched. */
  readonly maxBytes: UploadLimit;
  readonly clock: Clock;
}

/**
 * Brings one upload onto the disk: from the platform's stream straight into the file store, never whole in memory.
 * Always resolves with the file's outcome, soon after the signal too; `failed` means that a later try may do better (§7.4, §7.5).
 */
export async function fetchUpload(
  upload: Upload,
  fetcher: UploadFetcher,
  signal: AbortSignal,
): Promise<UploadOutcome> {
  if (fetcher.clock() - upload.announcedAtMs > PLATFORM_KEEPS_MS) {
    return { status: 'expired', reason: 'the platform keeps a file for 24 hours, and that time has passed' };
  }
  const transfer = new AbortController();
  const ended = AbortSignal.any([signal, transfer.signal]);
  let largest: LargestFile = { bytes: Number.POSITIVE_INFINITY, isKnown: false };
  try {
    const opening = fetcher.platform.openUpload(upload.fileId, ended, announcedType(upload));
    opening.catch(() => {});
    largest = await orAborted(fetcher.maxBytes(upload.size ?? 0), ended);
    if (upload.size !== null && upload.size > largest.bytes) return tooLarge(upload.size, largest);
    const { contentLength, mimeType, body } = await opening;
    if (contentLength !== null && contentLength > largest.bytes)
      largest = await orAborted(fetcher.maxBytes(contentLength), ended);
    if (contentLength !== null && contentLength > largest.bytes) return tooLarge(contentLength, largest);
    const expectedBytes = [upload.size, contentLength].filter((bytes) => bytes !== null);
    const file = { fileId: upload.fileId, name: upload.name, expectedBytes, maxBytes: largest.bytes };
    const staged = await fetcher.files.stage(file, body, ended);
    return { status: 'staged', ...staged, mimeType: upload.mimeType || mimeType };
  } catch (error) {
    return outcomeOf(error, largest);
  } finally {
    // A body that nobody read to its end would keep its connection until it stalls.
    transfer.abort(new Error('the transfer is over'));
  }
}

/** What the row said, also when it said nothing; only a citation that names no type leaves it open (W-33). */
function announcedType({ row, mimeType }: Upload): string | undefined {
  return row === null && mimeType === '' ? undefined : mimeType;
}

function outcomeOf(error: unknown, largest: LargestFile): UploadOutcome {
  if (error instanceof PlatformError && error.kind === 'not-found')
    return { status: 'expired', reason: 'the platform no longer has this file' };
  if (error instanceof StorageError && error.kind === 'too-large') return tooLarge(null, largest);
  return { status: 'failed', reason: error instanceof Error ? error.message : 'unknown trouble' };
}

/** For good only where the limit is known: a server that does not tell it at the moment may take more. */
function tooLarge(bytes: number | null, largest: LargestFile): UploadOutcome {
  const size = bytes === null ? 'more' : `${bytes} bytes`;
  if (largest.isKnown) {
    const reason = `it has ${size}, and the limit is ${largest.bytes} bytes (MOLECULE_UPLOAD_MAX_BYTES)`;
    return { status: 'too_large', reason };
  }
  const reason = `it has ${size}, and whether the platform's limit is above ${largest.bytes} bytes is not known at the moment`;
  return { status: 'failed', reason };
}
