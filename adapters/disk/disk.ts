import type { Stats } from 'node:fs';
import { constants } from 'node:fs';
import * as nodeFileSystem from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Disk, DiskEntry, DiskFile } from '../../src/domain/ports/disk.ts';
import type { Logger } from '../../src/domain/ports/runtime.ts';
import { StorageError } from '../../src/domain/ports/storage.ts';
import { createBufferedWriter } from './buffered-writer.ts';
import { createDiskFile } from './disk-file.ts';
import { createFlushAhead } from './flush-ahead.ts';
import { isLoose, isOpenToWriters, octal, refuseForeign } from './ownership.ts';
import { errorCode, printable, storageFailure } from './storage-failure.ts';

/** The calls of `node:fs/promises` that the disk is made of: what a test replaces to make one of them fail. */
export type FileSystem = Pick<
  typeof nodeFileSystem,
  'open' | 'mkdir' | 'lstat' | 'chmod' | 'rename' | 'unlink' | 'rm' | 'readdir'
>;

/** What a disk needs. `fs` is `node:fs/promises` outside of tests; `logger` hears of each mode that was tightened. */
export interface DiskParts {
  readonly logger: Logger;
  readonly fs?: FileSystem;
  /** For a command that only looks: no folder is made and no mode tightened; what is too loose is said. */
  readonly looksOnly?: boolean;
}

/**
 * The real disk. On Windows, which has neither owners, modes, `O_NOFOLLOW` nor flushable folders, links are looked for
 * before opening and the rest is left to the user profile's own access list.
 */
export function createDisk({ logger, fs = nodeFileSystem, looksOnly = false }: DiskParts): Disk {
  const warned = new Set<string>();
  const flushAhead = createFlushAhead();

  async function ensureFolder(path: string, modes: 'tighten' | 'leave' = 'tighten'): Promise<void> {
    let facts = await lookAt(path);
    if (!facts && looksOnly) return;
    if (!facts) {
      await createFolder(path);
      facts = await lookAt(path);
    }
    if (facts?.isSymbolicLink()) throw storageFailure('use', path, LINK);
    if (!facts?.isDirectory()) throw storageFailure('use', path, NOT_A_FOLDER);
    refuseForeign(path, facts);
    if (modes === 'tighten') await tighten(path, facts, 0o700, () => fs.chmod(path, 0o700));
    else if (isOpenToWriters(facts))
      warnOnce(`others may write to ${printable(path)} (mode ${octal(facts.mode)})`);
  }

  /** On a read-only disk, what others may read is said, and used nevertheless. */
  async function tighten(
    path: string,
    facts: Stats,
    mode: number,
    change: () => Promise<void>,
  ): Promise<void> {
    if (!isLoose(facts)) return;
    const was = octal(facts.mode);
    if (looksOnly) return warnOnce(`others may use ${printable(path)} (mode ${was})`);
    try {
      await change();
      logger.warn(`tightened ${printable(path)} from mode ${was} to ${octal(mode)}`);
    } catch (error) {
      warnOnce(
        `others may use ${printable(path)} (mode ${was}), which could not be tightened: ${errorCode(error)}`,
      );
    }
  }

  function warnOnce(line: string): void {
    if (warned.has(line)) return;
    warned.add(line);
    logger.warn(line);
  }

  /** The folder and its missing parents, from the top, each made durable in the one above it. */
  async function createFolder(path: string): Promise<void> {
    // One by one: `mkdir` with `recursive` never returns below a folder that takes no new ones, such as /proc.
    const missing: string[] = [];
    for (let folder = path; !(await lookAt(folder)) && folder !== dirname(folder); folder = dirname(folder)) {
      missing.unshift(folder);
    }
    for (const folder of missing) {
      await attempt('create the folder', folder, () => makeUnlessThere(folder));
      await syncFolder(dirname(folder));
    }
  }

  async function makeUnlessThere(folder: string): Promise<void> {
    try {
      await fs.mkdir(folder, { mode: 0o700 });
    } catch (error) {
      // Another window was first.
      if (errorCode(error) !== 'EEXIST') throw error;
    }
  }

  async function openFile(path: string, access: 'read' | 'write'): Promise<DiskFile | null> {
    if (NO_FOLLOW === 0 && (await lookAt(path))?.isSymbolicLink()) throw storageFailure('open', path, LINK);
    const flags = access === 'read' ? constants.O_RDONLY | NO_WAIT : constants.O_RDWR | NO_WAIT;
    const handle = await attempt('open', path, async () => {
      try {
        return await fs.open(path, flags | NO_FOLLOW);
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return null;
        throw error;
      }
    });
    if (!handle) return null;
    try {
      const facts = await handle.stat();
      if (!facts.isFile())
        throw new StorageError('failed', `${printable(path)} is not a regular file; move it away`);
      refuseForeign(path, facts);
      await tighten(path, facts, 0o600, () => handle.chmod(0o600));
    } catch (error) {
      await handle.close();
      throw storageFailure('open', path, error);
    }
    return createDiskFile(path, handle);
  }

  async function replaceFile(...[path, body, tag]: Parameters<Disk['replaceFile']>): Promise<number> {
    const folder = dirname(path);
    const { randomBytes } = process.getBuiltinModule('node:crypto'); // Not at once: a start would wait 3 ms for it.
    const temp = join(folder, `.${tag ?? basename(path)}.${randomBytes(8).toString('hex')}.tmp`);
    const handle = await attempt('create a file in', folder, () => fs.open(temp, CREATE, 0o600));
    const file = createDiskFile(path, handle);
    const ahead = flushAhead(file);
    let position = 0;
    const writer = createBufferedWriter(async (piece) => {
      await file.write(piece, position);
      position += piece.byteLength;
      ahead.wrote(piece.byteLength);
    });
    try {
      try {
        await body(writer.take);
        await writer.finish();
        await ahead.settled();
        await file.datasync();
      } finally {
        await writer.close();
        await ahead.settled().catch(() => {});
        await file.close();
      }
      await attempt('put in place', path, () => fs.rename(temp, path));
    } catch (error) {
      await fs.unlink(temp).catch(() => {});
      throw error;
    }
    await syncFolder(folder);
    return position;
  }

  async function sweepTemps(folder: string, tag: string): Promise<void> {
    for (const name of await list(folder)) {
      const random = name.startsWith(`.${tag}.`) ? name.slice(tag.length + 2) : '';
      if (/^[0-9a-f]{16}\.tmp$/.test(random)) await removeFile(join(folder, name));
    }
  }

  async function syncFolder(path: string): Promise<void> {
    if (process.platform === 'win32') return;
    await attempt('flush the folder', path, async () => {
      const handle = await fs.open(path, constants.O_RDONLY | FOLDER_ONLY);
      try {
        await handle.sync();
      } catch (error) {
        // Some network and container file systems cannot; nothing more can be done there.
        if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP'].includes(errorCode(error))) throw error;
      } finally {
        await handle.close();
      }
    });
  }

  async function look(path: string): Promise<DiskEntry | null> {
    const facts = await lookAt(path);
    return facts && { kind: kindOf(facts), bytes: facts.size, modifiedAtMs: facts.mtimeMs };
  }

  async function lookAt(path: string): Promise<Stats | null> {
    return attempt('look at', path, async () => {
      try {
        return await fs.lstat(path);
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return null;
        throw error;
      }
    });
  }

  async function removeFile(path: string): Promise<void> {
    await attempt('remove', path, async () => {
      try {
        await fs.unlink(path);
      } catch (error) {
        if (errorCode(error) !== 'ENOENT') throw error;
      }
    });
  }

  async function removeFolder(path: string): Promise<void> {
    await attempt('remove', path, () => fs.rm(path, { recursive: true, force: true, maxRetries: 2 }));
  }

  async function list(path: string): Promise<readonly string[]> {
    return attempt('list', path, async () => {
      try {
        return (await fs.readdir(path)).sort();
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return [];
        throw error;
      }
    });
  }

  return {
    ensureFolder,
    openFile,
    replaceFile,
    sweepTemps,
    syncFolder,
    look,
    removeFile,
    removeFolder,
    list,
  };
}

async function attempt<T>(trying: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storageFailure(trying, path, error);
  }
}

function kindOf(facts: Stats): DiskEntry['kind'] {
  if (facts.isSymbolicLink()) return 'symlink';
  if (facts.isDirectory()) return 'folder';
  return facts.isFile() ? 'file' : 'other';
}

// Windows lacks these flags; a FIFO in a file's place must not hold the open for ever.
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const NO_WAIT = constants.O_NONBLOCK ?? 0;
const FOLDER_ONLY = constants.O_DIRECTORY ?? 0;
const CREATE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW;
const LINK = Object.assign(new Error('symbolic link'), { code: 'ELOOP' });
const NOT_A_FOLDER = Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
