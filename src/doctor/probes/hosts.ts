import { readFile } from 'node:fs/promises';
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
  /** The variables that it sets. */
  readonly env: Readonly<Record<string, string>>;
}

/** Looks into the files of every host that `init` knows. What cannot be read says nothing. `script` is our own. */
export async function lookAtHosts(places: HostPlaces, script: string): Promise<readonly HostEntry[]> {
  const found: HostEntry[] = [];
  for (const host of hosts) {
    for (const path of new Set([host.file(places), ...(host.alsoIn?.(places) ?? [])]))
      found.push(...entriesOf(host, path, await readDocument(path, host.format), script));
  }
  return found;
}

function entriesOf(host: Host, path: string, document: unknown, script: string): readonly HostEntry[] {
  if (!isRecord(document)) return [];
  // Claude Code keeps what belongs to one project among its projects.
  const projects = isRecord(document.projects) ? Object.values(document.projects) : [];
  const tables = [document, ...projects].flatMap((part) => (isRecord(part) ? [part[host.table]] : []));
  return tables
    .filter(isRecord)
    .flatMap((table) => Object.entries(table))
    .flatMap(([name, entry]) => {
      const client = clientOf(entry, script);
      return client === null ? [] : [{ host: host.title, path, name, client, env: envOf(entry) }];
    });
}

function clientOf(entry: unknown, script: string): HostEntry['client'] | null {
  if (!isRecord(entry)) return null;
  const words = [entry.command, ...(Array.isArray(entry.args) ? entry.args : [])].filter(
    (word) => typeof word === 'string',
  );
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
