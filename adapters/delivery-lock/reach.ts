import { lstat, readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';

/** What came of knocking at an entry: a connection; nobody, for good; or no telling yet (too many at the door …). */
export type Reached = Socket | 'dead' | 'unclear';

/**
 * Connects to the process behind an entry of the queue. The operating system answers, not the process: a slow or stopped
 * one still accepts, and no connection is accepted for a dead one, however it died.
 */
export async function reach(path: string): Promise<Reached> {
  const address = await addressOf(path);
  if (address === null) return 'dead';
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.unref();
    socket.once('connect', () => resolve(socket));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      resolve(DEAD.has(error.code ?? '') ? 'dead' : 'unclear'),
    );
  });
}

/** The entry itself when it is a socket, else the address that it holds; null when there is none. */
async function addressOf(path: string): Promise<string | null> {
  try {
    const facts = await lstat(path);
    if (facts.isSocket()) return path;
    return facts.isFile() ? await readFile(path, 'utf8') : null;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

const DEAD: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOENT']);
