import { isRecord } from '../domain/record.ts';
import type { HostValue } from './hosts/host.ts';

/** What comes of an edit: the file's new text, or why it is left alone, as the end of a sentence that begins with it. */
export type Edit =
  | { readonly ok: true; readonly text: string; readonly before: EntryBefore | null }
  | { readonly ok: false; readonly reason: string };

/** The entry of our name that stood there before. */
export interface EntryBefore {
  readonly command: string;
  /** The names of the variables that it sets. */
  readonly variables: readonly string[];
}

/**
 * An entry with ours in it: our keys are set, every other one is the user's and stays. Of its variables only `CONFIGS_DIR`
 * is ours: set, or taken away when it is not needed.
 */
export function mergeEntry(
  existing: unknown,
  entry: Readonly<Record<string, HostValue>>,
): Readonly<Record<string, unknown>> {
  const before = isRecord(existing) ? existing : {};
  const { CONFIGS_DIR: _, ...variables } = isRecord(before.env) ? before.env : {};
  const env = { ...variables, ...(isRecord(entry.env) ? entry.env : {}) };
  return { ...before, ...entry, ...('env' in before || Object.keys(env).length > 0 ? { env } : {}) };
}

/** What is worth telling about an entry that was there; null when there was none. */
export function describeEntry(existing: unknown): EntryBefore | null {
  if (!isRecord(existing)) return null;
  const args = Array.isArray(existing.args) ? existing.args.filter((arg) => typeof arg === 'string') : [];
  const command = [existing.command ?? existing.url ?? '', ...args].join(' ').trim();
  return { command, variables: isRecord(existing.env) ? Object.keys(existing.env) : [] };
}
