import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Disk } from '../../src/domain/ports/disk.ts';

/** Where uploads are staged. */
export interface StagingFolder {
  readonly path: string;
  /** Makes it, and makes sure that neither it nor a folder between it and its root is a link (W-42). */
  ensure(): Promise<void>;
}

/** What decides where uploads go. */
export interface StagingFolderParts {
  /** `MOLECULE_UPLOADS_DIR` as set, empty for unset. */
  readonly uploadsDir: string;
  /** The workspace's folder in the state directory. */
  readonly workspaceFolder: string;
  readonly disk: Disk;
  /** The directory that the platform's containers give an agent; another one in tests. */
  readonly mounted?: string;
}

/**
 * `MOLECULE_UPLOADS_DIR`; else the Python client's place, `/workspace/.molecule/chat-uploads`, if `/workspace` already
 * exists and is writable; else `files/` beside the log. Nothing is made until {@link StagingFolder.ensure}.
 */
export async function chooseStagingFolder(parts: StagingFolderParts): Promise<StagingFolder> {
  const { uploadsDir, workspaceFolder, disk, mounted = '/workspace' } = parts;
  // Folders that others may share keep their modes; the files in them are private all the same.
  if (uploadsDir.trim() !== '') return folder(disk, 'leave', resolve(uploadsDir.trim()));
  if (await isWritable(mounted)) {
    const above = join(mounted, '.molecule');
    return folder(disk, 'leave', above, join(above, 'chat-uploads'));
  }
  return folder(disk, 'tighten', workspaceFolder, join(workspaceFolder, 'files'));
}

function folder(
  disk: Disk,
  modes: 'tighten' | 'leave',
  ...paths: readonly [string, ...string[]]
): StagingFolder {
  return {
    path: paths.at(-1) ?? paths[0],
    async ensure() {
      for (const path of paths) await disk.ensureFolder(path, modes);
    },
  };
}

async function isWritable(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
