import type { StateDirectory } from '../../adapters/state-directory/state-directory.ts';
import { flawOfToken, TOKEN_EXAMPLE } from '../domain/workspaces/refuse-impossible.ts';
import type { WorkspaceEntry } from '../domain/workspaces/workspace-entry.ts';
import type { Credentials } from './config.ts';
import { readEntryToken } from './config-file.ts';
import { createCredentials } from './credentials.ts';
import type { OriginKind } from './setting.ts';
import { readTokenFile } from './token-file.ts';

/** A workspace's credentials, or one line that says what is wrong with them. */
export type ObtainedToken =
  | { readonly ok: true; readonly credentials: Credentials }
  | { readonly ok: false; readonly problem: string };

/** Where a token may be read anew. */
export interface TokenPlaces {
  readonly source: OriginKind;
  readonly directory: StateDirectory;
  /** The path of `.auth_token`. */
  readonly authTokenFile: string;
  /** The path that an entry's `token_file` means. */
  readonly locate: (tokenFile: string) => string;
}

/**
 * The credentials of a workspace: its token, from its file if it has none of its own, and the way to read it anew after a
 * rotation (W-49): the same file, or the configuration file. What the environment holds cannot change.
 */
export async function obtainToken(
  { id, token, tokenFile, setBy }: WorkspaceEntry,
  { source, directory, authTokenFile, locate }: TokenPlaces,
): Promise<ObtainedToken> {
  if (token !== '') {
    const file = setBy.token === '.auth_token' ? authTokenFile : null;
    const reread = file
      ? () => readOr(file)
      : source === 'file'
        ? () => readEntryToken(directory, id.toLowerCase())
        : undefined;
    return { ok: true, credentials: createCredentials(token, reread) };
  }
  const path = locate(tokenFile ?? '');
  const reading = await readTokenFile(path);
  const named = `the file that ${setBy.token} names`;
  if (!reading.ok) return { ok: false, problem: `${named} ${reading.reason}; ${FILE_EXAMPLE}` };
  const flaw = flawOfToken(reading.token);
  if (flaw !== null) return { ok: false, problem: `the token in ${named} ${flaw}; ${TOKEN_EXAMPLE}` };
  return { ok: true, credentials: createCredentials(reading.token, () => readOr(path)) };
}

async function readOr(path: string): Promise<string | null> {
  const reading = await readTokenFile(path);
  return reading.ok ? reading.token : null;
}

const FILE_EXAMPLE = 'expected the token alone in it, for example in ~/tokens/laptop';
