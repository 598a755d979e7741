import { shownWords } from '../config/mask.ts';
import { isRecord } from '../domain/record.ts';
import type { HostValue } from './hosts/host.ts';

/** What comes of an edit: the file's new text, or why it is left alone, as the end of a sentence that begins with it. */
export type Edit =
  | { readonly ok: true; readonly text: string; readonly before: EntryBefore | null }
  | { readonly ok: false; readonly reason: string };

/** The entry of our name that stood there before. */
export interface EntryBefore {
  /** What it started, or the URL that it led to; nothing in it that looks like a secret. */
  readonly command: string;
  /** The names of the variables that it sets. */
  readonly variables: readonly string[];
}

/**
 * An entry with ours in it: our keys are set, those that led to a server at a URL are taken away, every other one is the
 * user's and stays. Of its variables only `CONFIGS_DIR` is ours: set, or taken away when it is not needed.
 */
export function mergeEntry(
  existing: unknown,
  entry: Readonly<Record<string, HostValue>>,
): Readonly<Record<string, unknown>> {
  const before = withoutRemote(isRecord(existing) ? existing : {});
  const { CONFIGS_DIR: _, ...variables } = isRecord(before.env) ? before.env : {};
  const env = { ...variables, ...(isRecord(entry.env) ? entry.env : {}) };
  return { ...before, ...entry, ...('env' in before || Object.keys(env).length > 0 ? { env } : {}) };
}

/** What is worth telling about an entry that was there; null when there was none. */
export function describeEntry(existing: unknown): EntryBefore | null {
  if (!isRecord(existing)) return null;
  const args = Array.isArray(existing.args) ? existing.args.filter((arg) => typeof arg === 'string') : [];
  const first = [existing.command, existing.url, existing.httpUrl].find((word) => typeof word === 'string');
  return {
    command: shownWords([first ?? '', ...args]),
    variables: isRecord(existing.env) ? Object.keys(existing.env) : [],
  };
}

function withoutRemote(entry: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const isRemote = (key: string, value: unknown) =>
    REMOTE_KEYS.has(key) || (TRANSPORT_KEYS.has(key) && value !== 'stdio');
  return Object.fromEntries(Object.entries(entry).filter(([key, value]) => !isRemote(key, value)));
}

const TRANSPORT_KEYS: ReadonlySet<string> = new Set(['type', 'transport']);
/**
 * How hosts call a server's URL, and what they send there. Beside a command Codex refuses its whole file for one of them,
 * and Gemini CLI goes on asking the URL.
 */
const REMOTE_KEYS: ReadonlySet<string> = new Set([
  ...['url', 'httpUrl', 'serverUrl', 'tcp', 'headers', 'headersHelper', 'http_headers', 'env_http_headers'],
  ...['bearer_token', 'bearer_token_env_var', 'auth', 'oauth', 'oauth_resource', 'scopes'],
  ...['authProviderType', 'targetAudience', 'targetServiceAccount'],
]);
