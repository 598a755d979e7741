import { dirname } from 'node:path';
import { StorageError } from '../../src/domain/ports/storage.ts';

/** The refusal to go on with a log that is not what was written, with the two ways out; nothing has been changed. */
export function damaged(path: string, offset: number, why: string, cause?: unknown): StorageError {
  const wayOut = `restore the file from a backup, or move the folder ${dirname(path)} away to begin anew with what the platform still holds`;
  return new StorageError(
    'damaged',
    `${path} is damaged at byte ${offset}: ${why}. Nothing was changed; ${wayOut}.`,
    cause,
  );
}
