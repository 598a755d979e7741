import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { flawOfToken } from '../domain/refuse-impossible.ts';
import type { Credentials } from './config.ts';

/** Credentials that begin with `token` (empty: whatever the file holds) and follow `tokenFile` when it changes. */
export function createCredentials(token: string, tokenFile: string | undefined): Credentials {
  let current = token || usable(tokenFile === undefined ? null : readTokenText(tokenFile));
  return {
    token: () => current,
    async refresh() {
      if (tokenFile === undefined) return false;
      const fresh = usable(await readFile(tokenFile, 'utf8').catch(() => null));
      if (fresh === '' || fresh === current) return false;
      current = fresh;
      return true;
    },
  };
}

/** The text of a token file, null when there is none or it cannot be read. */
export function readTokenText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** A token that can be sent; what cannot is as good as none. */
function usable(text: string | null): string {
  const token = text?.trim() ?? '';
  return flawOfToken(token) === null ? token : '';
}
