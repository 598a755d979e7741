import type { Environment } from '../config/environment.ts';
import { isTokenOf } from '../config/flagged-workspace.ts';
import type { Places } from '../config/places.ts';
import type { ResolvedOptions } from '../config/resolve-options.ts';
import { readTokenFile } from '../config/token-file.ts';
import { isUuid } from '../domain/ids.ts';
import { normaliseBaseUrl } from '../domain/network/base-url.ts';
import { flawOfToken } from '../domain/workspaces/refuse-impossible.ts';
import type { Asker } from './ask.ts';

/** A workspace as a person gave it; unchecked. */
export interface Gathered {
  readonly id: string;
  readonly platformUrl: string;
  readonly orgId: string;
  readonly token: string;
  /** The file that holds the token, when one was named: it stays the place where the token is kept. */
  readonly tokenFile: string | null;
  /** Where the token came from, in words. */
  readonly tokenFrom: string;
}

/** Where a workspace may be given. */
export interface GatherParts {
  readonly places: Places;
  readonly options: ResolvedOptions;
  /** The path that `--token-file` means. */
  readonly tokenFile: string | null;
  /** Reads the token from stdin; null unless `--token-stdin` was given. */
  readonly readToken: (() => Promise<string>) | null;
  /** Asks for what is missing; null without a terminal. */
  readonly asker: Asker | null;
}

/**
 * Takes a workspace from flags and environment, and asks for the rest. Rejects with one line when something is missing and
 * there is nobody to ask.
 */
export async function gather(parts: GatherParts): Promise<Gathered> {
  const { places, options, asker } = parts;
  const { flags, env } = places;
  const askFor = async (question: string, flawOf: (answer: string) => string | null) =>
    asker ? askUntil((prompt) => asker.ask(prompt), question, flawOf) : '';
  const platformUrl = options.values.platformUrl || (await askFor("The platform's URL", flawOfUrl));
  const id =
    flags.workspaceId ?? (env.WORKSPACE_ID?.trim() || (await askFor('The id of the workspace', flawOfId)));
  const given = await readGivenToken(id, parts);
  const askToken = async () =>
    asker ? askUntil((prompt) => asker.askSecret(prompt), 'Its token', flawOfToken) : '';
  const token = given?.token ?? (await askToken());
  const missing = [
    ...(platformUrl === '' ? ['--platform-url URL'] : []),
    ...(id === '' ? ['--workspace-id ID'] : []),
    ...(token === '' ? [`--token-file FILE, --token-stdin or ${variableFor(id, env)}`] : []),
  ];
  if (missing.length > 0) throw new Error(`not everything was given: ${missing.join('; ')}`);
  return {
    id: id.toLowerCase(),
    platformUrl,
    orgId: options.values.orgId,
    token,
    tokenFile: parts.tokenFile,
    tokenFrom: given?.from ?? 'as typed',
  };
}

/** Asks until the answer can be one, and says at once why another one cannot. */
async function askUntil(
  ask: (question: string) => Promise<string>,
  question: string,
  flawOf: (answer: string) => string | null,
): Promise<string> {
  const flawOfAnswer = (answer: string) => (answer === '' ? 'is empty' : flawOf(answer));
  let answer = await ask(question);
  for (let flaw = flawOfAnswer(answer); flaw !== null; flaw = flawOfAnswer(answer))
    answer = await ask(`That ${flaw}. ${question}`);
  return answer;
}

function flawOfUrl(answer: string): string | null {
  const reading = normaliseBaseUrl(answer);
  return reading.ok ? null : reading.reason;
}

function flawOfId(answer: string): string | null {
  return isUuid(answer) ? null : 'is no UUID such as 6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11';
}

/** Names the variable, and why it does not count as it is. */
function variableFor(id: string, env: Environment): string {
  const own = (env.MOLECULE_WORKSPACE_TOKEN ?? '').trim() !== '';
  return own && !isTokenOf(id, env)
    ? 'MOLECULE_WORKSPACE_TOKEN without WORKSPACE_ID, which says that it is that of another workspace'
    : 'MOLECULE_WORKSPACE_TOKEN';
}

async function readGivenToken(
  id: string,
  { places, tokenFile, readToken }: GatherParts,
): Promise<{ readonly token: string; readonly from: string } | null> {
  if (tokenFile !== null) {
    const reading = await readTokenFile(tokenFile);
    if (!reading.ok) throw new Error(`the file that --token-file names ${reading.reason}`);
    return { token: reading.token, from: '--token-file' };
  }
  if (readToken) return { token: (await readToken()).trim(), from: '--token-stdin' };
  const token = places.env.MOLECULE_WORKSPACE_TOKEN?.trim() ?? '';
  return token === '' || !isTokenOf(id, places.env) ? null : { token, from: 'MOLECULE_WORKSPACE_TOKEN' };
}
