import { readFile, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { parse as parseToml } from '@decimalturn/toml-patch';
import { evaluate, parse as parseJson } from '@humanwhocodes/momoa';
import { isRecord } from '../../domain/record.ts';
import type { Host, HostPlaces } from '../../init/hosts/host.ts';
import { hosts } from '../../init/hosts/hosts.ts';

/** A host's entry that starts this program, or another client of the platform. */
export interface HostEntry {
  readonly host: string;
  readonly path: string;
  readonly name: string;
  readonly client: 'molecule-inbox' | 'another';
  readonly isPlugin: boolean;
  /** A path that it shall start and that is not there; null when all is. */
  readonly missing: string | null;
  /** The variables that it sets. */
  readonly env: Readonly<Record<string, string>>;
}

/** Looks into the files of every host that `init` knows. What cannot be read says nothing. `script` is our own. */
export async function lookAtHosts(places: HostPlaces, script: string): Promise<readonly HostEntry[]> {
  const found: HostEntry[] = [];
  for (const host of hosts) {
    for (const path of new Set([host.file(places), ...(host.alsoIn?.(places) ?? [])]))
      found.push(...(await entriesOf(host, path, await readDocument(path, host.format), script)));
    for (const path of new Set(host.pluginsIn?.(places)))
      found.push(...pluginsOf(host, path, await readDocument(path, 'json')));
  }
  return found;
}

function pluginsOf(host: Host, path: string, document: unknown): readonly HostEntry[] {
  const plugins = isRecord(document) && isRecord(document.enabledPlugins) ? document.enabledPlugins : {};
  const names = Object.keys(plugins).filter((name) => plugins[name] === true && name.startsWith('molecule'));
  return names.map((name) => {
    const client = name.startsWith('molecule-inbox@') ? 'molecule-inbox' : 'another';
    return { host: host.title, path, name, client, isPlugin: true, missing: null, env: {} };
  });
}

async function entriesOf(
  host: Host,
  path: string,
  document: unknown,
  script: string,
): Promise<readonly HostEntry[]> {
  if (!isRecord(document)) return [];
  // Claude Code keeps what belongs to one project among its projects.
  const projects = isRecord(document.projects) ? Object.values(document.projects) : [];
  const tables = [document, ...projects].flatMap((part) => (isRecord(part) ? [part[host.table]] : []));
  const found: HostEntry[] = [];
  for (const [name, entry] of tables.filter(isRecord).flatMap((table) => Object.entries(table))) {
    const words = wordsOf(entry);
    const client = clientOf(words, script);
    if (client === null) continue;
    const missing = await firstMissing(words);
    found.push({ host: host.title, path, name, client, isPlugin: false, missing, env: envOf(entry) });
  }
  return found;
}

/** Its command line. */
function wordsOf(entry: unknown): readonly string[] {
  if (!isRecord(entry)) return [];
  const words = [entry.command, ...(Array.isArray(entry.args) ? entry.args : [])];
  return words.filter((word) => typeof word === 'string');
}

async function firstMissing(words: readonly string[]): Promise<string | null> {
  for (const word of words) {
    const isThere = isAbsolute(word) ? await stat(word).catch(() => null) : true;
    if (!isThere) return word;
  }
  return null;
}

function clientOf(words: readonly string[], script: string): HostEntry['client'] | null {
  if (words.some((word) => word === script || /molecule-inbox/.test(word))) return 'molecule-inbox';
  return words.some((word) => /molecule[-_](mcp|ai|runtime)/.test(word)) ? 'another' : null;
}

function envOf(entry: unknown): Readonly<Record<string, string>> {
  const env = isRecord(entry) && isRecord(entry.env) ? entry.env : {};
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

async function readDocument(path: string, format: Host['format']): Promise<unknown> {
  try {
    const text = await readFile(path, 'utf8');
    if (format === 'toml') return parseToml(text);
    return evaluate(parseJson(text, { mode: 'jsonc', allowTrailingCommas: true }));
  } catch {
    return null;
  }
}
