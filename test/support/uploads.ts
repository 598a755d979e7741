import type { Upload, UploadOutcome } from '../../src/domain/files/upload.ts';
import { idOf, pendingUri } from './rows.ts';

/** The `file`th upload, announced and not fetched yet; `over` replaces fields. */
export function uploadOf(file: number, over: Partial<Upload> = {}): Upload {
  return {
    fileId: idOf(file, 'file'),
    uri: pendingUri(file),
    name: `file-${file}.txt`,
    mimeType: 'text/plain',
    size: 19,
    row: null,
    announcedAtMs: 0,
    outcome: { status: 'pending', reason: 'still being fetched' },
    attempts: 0,
    retryAtMs: 0,
    acknowledged: false,
    shownBy: null,
    missedBy: null,
    sendingId: null,
    ...over,
  };
}

/** The `file`th upload on disk. */
export function stagedOutcome(file: number): UploadOutcome {
  return { status: 'staged', path: `/files/${file}`, bytes: 19, mimeType: 'text/plain' };
}
