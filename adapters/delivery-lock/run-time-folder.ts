import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StorageError } from '../../src/domain/ports/storage.ts';

/**
 * Where the windows of one user meet. It must be the same for all of them, whatever environment their hosts gave them,
 * and outlive a log-out that they outlive: so neither `TMPDIR` nor `XDG_RUNTIME_DIR` decides while there is a `/tmp`.
 */
export function runTimeFolder(): string {
  const user = process.getuid?.();
  const parent = user !== undefined && existsSync('/tmp') ? '/tmp' : tmpdir();
  return join(parent, user === undefined ? 'molecule-inbox' : `molecule-inbox-${user}`);
}

/** Refuses a path that would not fit into a socket's address (104 bytes with its end mark on macOS, the shortest). */
export function requireSocketPath(path: string): string {
  if (process.platform === 'win32' || Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return path;
  throw new StorageError(
    'failed',
    `${path} is too long for a socket (${MAX_SOCKET_PATH_BYTES} bytes at most)`,
  );
}

const MAX_SOCKET_PATH_BYTES = 103;
