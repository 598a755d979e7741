import { basename, join } from 'node:path';
import { readStagedName, stagedName } from '../../src/domain/files/staged-name.ts';
import { isCanonicalUuid } from '../../src/domain/ids.ts';
import type { Disk } from '../../src/domain/ports/disk.ts';
import {
  type FileStore,
  type FileToStage,
  type StagedFile,
  StorageError,
} from '../../src/domain/ports/storage.ts';
import { checkedBody } from './checked-body.ts';
import type { StagingFolder } from './folder.ts';

/** What a file store needs. */
export interface FileStoreParts {
  readonly folder: StagingFolder;
  readonly disk: Disk;
  /** Marks this store's temps, so that it sweeps no other's: the name of the workspace's folder. */
  readonly owner: string;
}

/** The staged files of one workspace. A name on disk is the file's id and its sanitised name, so that a repeat finds it (W-38). */
export function createFileStore({ folder, disk, owner }: FileStoreParts): FileStore {
  async function present(path: string, { expectedBytes, maxBytes }: FileToStage): Promise<StagedFile | null> {
    const entry = await disk.look(path);
    if (entry?.kind !== 'file' || entry.bytes > maxBytes) return null;
    if (expectedBytes.length === 0 || expectedBytes.some((expected) => expected !== entry.bytes)) return null;
    return { path, bytes: entry.bytes };
  }

  return {
    async stage(file, body, signal) {
      await folder.ensure();
      if (!isCanonicalUuid(file.fileId)) throw new StorageError('failed', 'a file is staged under a UUID');
      const path = join(folder.path, stagedName(file.fileId, file.name));
      const known = await present(path, file);
      if (known) {
        // A crash may have come between its rename and this.
        await disk.syncFolder(folder.path);
        return known;
      }
      const bytes = await disk.replaceFile(path, checkedBody(body, file, signal), owner);
      return { path, bytes };
    },
    async holds(path, bytes) {
      const entry = await disk.look(path);
      return entry?.kind === 'file' && entry.bytes === bytes;
    },
    async remove(path) {
      if (readStagedName(basename(path)) === null)
        throw new StorageError('failed', `${path} is no staged file`);
      await disk.removeFile(path);
    },
    sweep: () => disk.sweepTemps(folder.path, owner),
  };
}
