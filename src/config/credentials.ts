import { trimWhiteSpace } from '../domain/white-space.ts';
import { flawOfToken } from '../domain/workspaces/refuse-impossible.ts';
import type { Credentials } from './config.ts';

/**
 * Credentials that begin with a token and read it anew from where it came from (W-49). `reread` resolves with null while
 * it cannot be read; one that cannot be sent is as good as none. A token of the environment has nowhere to be read anew.
 */
export function createCredentials(token: string, reread?: () => Promise<string | null>): Credentials {
  let current = token;
  return {
    token: () => current,
    async refresh() {
      const fresh = trimWhiteSpace((await reread?.()) ?? '');
      if (fresh === '' || fresh === current || flawOfToken(fresh) !== null) return false;
      current = fresh;
      return true;
    },
  };
}
