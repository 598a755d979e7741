import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
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
  const { uploadsDir, workspaceFolder, disk, mounted = MOUNTED } = parts;
  // Folders that others may share keep their modes; the files in them are private all the same.
  if (uploadsDir.trim() !== '') return folder(disk, 'leave', resolve(uploadsDir.trim()));
  if (await isWritable(mounted)) {
    const path = inMounted(mounted);
    return folder(disk, 'leave', path, dirname(path));
  }
  return folder(disk, 'tighten', join(workspaceFolder, 'files'), workspaceFolder);
}

/** Where uploads may lie outside the state directory, of this agent's workspaces or another's: nothing else is to be sent from there. */
export function sharedStagingFolders(uploadsDir: string): readonly string[] {
  const configured = uploadsDir.trim() === '' ? [] : [resolve(uploadsDir.trim())];
  return [...configured, inMounted(MOUNTED)];
}

function inMounted(mounted: string): string {
  return join(mounted, '.molecule', 'chat-uploads');
}

function folder(disk: Disk, modes: 'tighten' | 'leave', path: string, ...above: string[]): StagingFolder {
  return {
    path,
    async ensure() {
      for (const folder of [...above, path]) await disk.ensureFolder(folder, modes);
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

const MOUNTED = '/workspace';
