import { basename, join } from 'node:path';
import { isUuid } from '../../src/domain/ids.ts';
import { byteSourceOf } from '../../src/domain/ports/bytes.ts';
import type { Disk } from '../../src/domain/ports/disk.ts';
import type { Logger } from '../../src/domain/ports/runtime.ts';
import { StorageError } from '../../src/domain/ports/storage.ts';
import { type ImportedCursor, readImportedCursor } from './imported-cursor.ts';
import { readSmallFile } from './small-file.ts';

/** Where everything of this program lives that is to survive it; all of it private to its owner. */
export interface StateDirectory {
  readonly path: string;
  /** Why nothing can be written here (a read-only disk …), found when it was resolved; else null. */
  readonly unwritable: StorageError | null;
  /** The folder of one workspace on one platform, made when missing: its log, snapshot, files and recordings. */
  workspaceFolder(workspace: WorkspaceAddress): Promise<string>;
  /** A small file (at most 64 KiB) such as `.auth_token`; null when there is none. */
  readPrivateFile(name: string): Promise<string | null>;
  /** Replaces a small file whole, 0600; one that already says the same is left alone (W-47). */
  writePrivateFile(name: string, text: string): Promise<void>;
  /** Where the Python client had got to in this workspace, if it ever ran on this directory (C1-17, C6). */
  readImportedCursor(workspaceId: string, mode: 'single' | 'several'): Promise<ImportedCursor | null>;
  /** Removes the folder of a workspace, on one platform or on all; resolves with the paths removed. */
  forgetWorkspace(workspaceId: string, platformUrl?: string): Promise<readonly string[]>;
}

/** A workspace as the world knows it: ids are only unique on their platform. */
export interface WorkspaceAddress {
  readonly id: string;
  readonly platformUrl: string;
}

/** The state directory at a path that {@link resolveStateDirectory} has found good. */
export function createStateDirectory(
  path: string,
  {
    disk,
    logger,
    unwritable,
  }: { readonly disk: Disk; readonly logger: Logger; readonly unwritable: StorageError | null },
): StateDirectory {
  const workspaces = join(path, 'workspaces');

  return {
    path,
    unwritable,
    async workspaceFolder(workspace) {
      const folder = join(workspaces, workspaceFolderName(workspace));
      // One by one, so that a link at either is noticed.
      await disk.ensureFolder(workspaces);
      await disk.ensureFolder(folder);
      return folder;
    },
    readPrivateFile: (name) => readSmallFile(disk, join(path, ownName(name))),
    async writePrivateFile(name, text) {
      const target = join(path, ownName(name));
      if ((await readSmallFile(disk, target)) === text) return;
      await disk.replaceFile(target, byteSourceOf([Buffer.from(text, 'utf8')]));
    },
    readImportedCursor: (workspaceId, mode) =>
      readImportedCursor({ disk, logger, folder: path }, workspaceId, mode),
    async forgetWorkspace(workspaceId, platformUrl) {
      const belongs = (name: string) =>
        platformUrl === undefined
          ? name.startsWith(`${idName(workspaceId)}@`)
          : name === workspaceFolderName({ id: workspaceId, platformUrl });
      const names = (await disk.list(workspaces)).filter(belongs);
      const folders = names.map((name) => join(workspaces, name));
      for (const folder of folders) await disk.removeFolder(folder);
      if (folders.length > 0) await disk.syncFolder(workspaces);
      return folders;
    },
  };
}

/**
 * A name for a workspace's folder or lock: the whole id and a hash of the platform's address, so that no two workspaces
 * share one (W-51) and no id is a path. Ids that are no UUIDs, which configuration refuses, come out as hashes.
 */
export function workspaceFolderName({ id, platformUrl }: WorkspaceAddress): string {
  return `${idName(id)}@${hash(platformAddress(platformUrl)).slice(0, 8)}`;
}

function idName(id: string): string {
  return isUuid(id) ? id.toLowerCase() : `id-${hash(id).slice(0, 32)}`;
}

/** One spelling for each platform: case of the host, default port and closing slash make no difference. */
function platformAddress(url: string): string {
  if (!URL.canParse(url)) return url;
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/\/+$/, '');
}

function hash(text: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto'); // Not at once: a start would wait 3 ms for it.
  return createHash('sha256').update(text).digest('hex');
}

function ownName(name: string): string {
  if (name !== basename(name) || name === '' || name === '.' || name === '..' || name.includes('\\'))
    throw new StorageError('failed', 'a private file is named by a plain name');
  return name;
}
