import { randomBytes } from 'node:crypto';
import { link, lstat, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { basename, join } from 'node:path';
import type { Disk } from '../../src/domain/ports/disk.ts';
import { reach } from './reach.ts';
import { requireSocketPath } from './run-time-folder.ts';

/** How one process is reached: a private socket (on Windows a named pipe), under as many further paths as it is published. */
export interface Endpoint {
  /** The file in the run-time folder that is linked wherever this process is published. */
  readonly name: string;
  /** Makes this process reachable under a path; false when something is there already. */
  publish(path: string): Promise<boolean>;
  /** Makes the process of another endpoint reachable under a path, instead of whoever was; atomically. */
  publishOther(name: string, path: string): Promise<void>;
  /** Whether a path leads to this process. */
  leadsHere(path: string): Promise<boolean>;
  /** Keeps a path young, so that no cleaner of temporary files takes it; false when it is gone. */
  refresh(path: string): Promise<boolean>;
  /** Keeps all paths young at once; how many names lead to this process, null where each path is a file of its own. */
  refreshAll(): Promise<number | null>;
  close(): Promise<void>;
}

/** What an endpoint needs; `linkSockets: false` publishes small files with the address instead, as Windows must. */
export interface EndpointParts {
  readonly folder: string;
  readonly disk: Disk;
  readonly onConnection: (socket: Socket) => void;
  readonly linkSockets?: boolean;
}

/** Starts to listen. Neither the socket nor what comes through it keeps the process alive. */
export async function openEndpoint({
  folder,
  disk,
  onConnection,
  ...parts
}: EndpointParts): Promise<Endpoint> {
  await disk.ensureFolder(folder);
  await removeLeftovers(folder, disk);
  const id = `${process.pid}-${randomBytes(4).toString('hex')}`;
  const windows = process.platform === 'win32';
  const address = windows
    ? `\\\\.\\pipe\\molecule-inbox-${id}`
    : requireSocketPath(join(folder, `${id}.sock`));
  const server = createServer(onConnection);
  await listen(server, address);

  const linkSockets = !windows && (parts.linkSockets ?? (await socketsCanBeLinked(address)));
  const published = linkSockets ? address : join(folder, `${id}.addr`);
  if (!linkSockets) await writeFile(published, address, { flag: 'wx', mode: 0o600 });
  const own = await lstat(published);

  return {
    name: basename(published),
    publish: (path) => tryLink(published, path),
    async publishOther(name, path) {
      const beside = `${path}-${randomBytes(4).toString('hex')}`;
      await link(join(folder, basename(name)), beside);
      await rename(beside, path);
    },
    async leadsHere(path) {
      try {
        if (!linkSockets) return (await readFile(path, 'utf8')) === address;
        const facts = await lstat(path);
        return facts.ino === own.ino && facts.dev === own.dev;
      } catch {
        return false;
      }
    },
    async refresh(path) {
      const now = new Date();
      return utimes(path, now, now).then(
        () => true,
        () => false,
      );
    },
    async refreshAll() {
      if (!linkSockets) return null;
      const now = new Date();
      await utimes(published, now, now);
      return (await lstat(published)).nlink;
    },
    async close() {
      server.close();
      await disk.removeFile(published);
      if (!windows) await disk.removeFile(address);
    },
  };
}

/** Creates a further name for a file; false when the name is taken. */
async function tryLink(file: string, path: string): Promise<boolean> {
  try {
    await link(file, requireSocketPath(path));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Not every file system takes a second name for a socket, and one that does must also lead to it. */
async function socketsCanBeLinked(address: string): Promise<boolean> {
  const trial = `${address}-trial`;
  try {
    await link(address, requireSocketPath(trial));
    const reached = await reach(trial);
    if (typeof reached === 'string') return false;
    reached.destroy();
    return true;
  } catch {
    return false;
  } finally {
    await rm(trial, { force: true }).catch(() => {});
  }
}

async function listen(server: Server, address: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
  server.unref();
}

/** The private files of processes that are no more. */
async function removeLeftovers(folder: string, disk: Disk): Promise<void> {
  for (const name of await disk.list(folder)) {
    const pid = /^(\d+)-[0-9a-f]{8}\.(sock|addr|sock-trial)$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await disk.removeFile(join(folder, name));
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
