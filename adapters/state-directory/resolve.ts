import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Disk } from '../../src/domain/ports/disk.ts';
import type { Logger } from '../../src/domain/ports/runtime.ts';
import { StorageError } from '../../src/domain/ports/storage.ts';
import { createStateDirectory, type StateDirectory } from './state-directory.ts';

/** What decides where the state directory is. */
export interface StateDirectoryParts {
  /** `CONFIGS_DIR` as set, empty for unset. */
  readonly configsDir: string;
  /** The user's home directory. */
  readonly home: string;
  readonly disk: Disk;
  readonly logger: Logger;
  /** The directory that the platform's containers mount; another one in tests. */
  readonly mounted?: string;
}

/**
 * Finds the state directory (C3-1 … C3-8): `CONFIGS_DIR`, created when missing; else `/configs` if it exists and is
 * writable, never created; else `~/.molecule-workspace`, created when missing. Nothing is cached, and nothing falls
 * through: one that is chosen and unusable rejects with a `StorageError` that says why in one line.
 * One that can be read but not written resolves, with the reason in `unwritable`: a heartbeat needs only the token. So does
 * one that is missing, when the disk only looks.
 */
export async function resolveStateDirectory(parts: StateDirectoryParts): Promise<StateDirectory> {
  const { disk, logger } = parts;
  const { path, modes, advice } = await choose(parts);
  try {
    await disk.ensureFolder(path, modes);
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    throw new StorageError(error.kind, `no state directory: ${error.message}. ${advice}.`, error);
  }
  const unwritable = (await isWritable(await nearestFolder(path, disk)))
    ? null
    : new StorageError('read-only', `the state directory ${path} cannot be written to. ${advice}.`);
  return createStateDirectory(path, { disk, logger, unwritable });
}

interface Choice {
  readonly path: string;
  readonly modes: 'tighten' | 'leave';
  readonly advice: string;
}

async function choose({ configsDir, home, mounted = '/configs' }: StateDirectoryParts): Promise<Choice> {
  if (configsDir.trim() !== '') {
    const path = resolve(configsDir.trim());
    return {
      path,
      modes: isShared(path, home, mounted) ? 'leave' : 'tighten',
      advice: `CONFIGS_DIR names it: name another one, ${EXAMPLE}`,
    };
  }
  if (await isWritable(mounted))
    return { path: mounted, modes: 'leave', advice: `Name another one, ${EXAMPLE}` };
  return {
    path: join(home, '.molecule-workspace'),
    modes: 'tighten',
    advice: `Name a folder of your own, ${EXAMPLE}`,
  };
}

/** Whether others rely on a folder's modes: the container's mount, and whatever holds the home, working or temporary directory. */
function isShared(path: string, home: string, mounted: string): boolean {
  return path === mounted || [home, process.cwd(), tmpdir()].some((place) => holds(path, resolve(place)));
}

function holds(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way.startsWith('..') || isAbsolute(way));
}

/** The folder itself; above one that is not there, because the disk only looks, the first that is. */
async function nearestFolder(path: string, disk: Disk): Promise<string> {
  const isThere = path === dirname(path) || (await disk.look(path)) !== null;
  return isThere ? path : nearestFolder(dirname(path), disk);
}

async function isWritable(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const EXAMPLE = 'for example CONFIGS_DIR=/home/me/.molecule-workspace';
