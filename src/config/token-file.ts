import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { trimWhiteSpace } from '../domain/white-space.ts';

/** A token's file read, or why it could not be, as the end of a sentence that begins with the file. */
export type TokenFileReading =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly reason: string };

/** Reads a token's file: a regular file of at most 64 KiB, links followed (secrets are mounted as links). Never rejects. */
export async function readTokenFile(path: string): Promise<TokenFileReading> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) return { ok: false, reason: 'is no regular file' };
    if (facts.size > MAX_BYTES) return { ok: false, reason: `is larger than ${MAX_BYTES} bytes` };
    const token = trimWhiteSpace(await readFile(path, 'utf8'));
    return token === '' ? { ok: false, reason: 'is empty' } : { ok: true, token };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no code';
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    return { ok: false, reason };
  }
}

/** Where a token's file is: absolute, `~/…` in the home directory, or else in the state directory. */
export function locateTokenFile(
  path: string,
  { home, stateFolder }: { readonly home: string; readonly stateFolder: string },
): string {
  if (path === '~' || path.startsWith('~/')) return join(home, path.slice(1));
  return isAbsolute(path) ? path : resolve(stateFolder, path);
}

const MAX_BYTES = 64 * 1024;
