import { join } from 'node:path';
import { Low } from 'lowdb';
import * as z from 'zod';
import type { StateDirectory } from '../../adapters/state-directory/state-directory.ts';
import { isRecord } from '../domain/record.ts';
import { keyOf, type OptionName, optionNames, options } from './options.ts';
import type { Layer } from './setting.ts';

/** The file in the state directory that `molecule-inbox init` writes. */
export const CONFIG_FILE = 'config.json';

/** What the configuration file says, or what is wrong with it; one that is missing says nothing. */
export type ConfigFileReading =
  | { readonly ok: true; readonly file: ConfigFile }
  | { readonly ok: false; readonly problems: readonly string[] };

/** A configuration file that could be read. */
export interface ConfigFile {
  readonly layer: Layer;
  /** As written, unchecked; null when it names none. */
  readonly workspaces: unknown;
  /** Keys that mean nothing here: most likely misspelt. */
  readonly unknownKeys: readonly string[];
}

/** One workspace as `init` writes it. */
export interface FileEntry {
  readonly id: string;
  readonly token?: string;
  readonly token_file?: string;
  readonly platform_url: string;
  readonly org_id?: string;
}

/** Reads the configuration file of a state directory; never rejects. */
export async function readConfigFile(directory: StateDirectory): Promise<ConfigFileReading> {
  const path = join(directory.path, CONFIG_FILE);
  const wrong = (problem: string) => ({ ok: false, problems: [`${path} ${problem}`] }) as const;
  let data: unknown;
  try {
    data = await read(directory);
  } catch (error) {
    if (!(error instanceof SyntaxError)) return { ok: false, problems: [reasonOf(error)] };
    return wrong('is not valid JSON; molecule-inbox init writes one, or repair it by hand');
  }
  if (data === null) return { ok: true, file: NOTHING };
  if (!isRecord(data)) return wrong('must hold a JSON object; for example {"workspaces":[…],"poll_secs":5}');

  const checked = shape.safeParse(data);
  if (!checked.success) {
    const keys = checked.error.issues.map(({ path }) => String(path[0]));
    return {
      ok: false,
      problems: keys.map((key) => {
        const option = optionNames.find((name) => keyOf(name) === key);
        return `${path}: ${key} must be ${option ? options[option].shape : 'of another type'}`;
      }),
    };
  }
  const settings: Readonly<Record<string, unknown>> = checked.data;
  return {
    ok: true,
    file: {
      workspaces: isEmpty(data.workspaces) ? null : data.workspaces,
      unknownKeys: Object.keys(data).filter((key) => !KNOWN_KEYS.has(key)),
      layer(name: OptionName) {
        const value = settings[keyOf(name)] ?? '';
        const origin = { kind: 'file', name: `${CONFIG_FILE}: ${keyOf(name)}` } as const;
        return value === '' ? undefined : { text: String(value), origin };
      },
    },
  };
}

/** The token that the file holds for a workspace now; null when it holds none, or cannot be read. */
export async function readEntryToken(directory: StateDirectory, workspaceId: string): Promise<string | null> {
  const reading = await readConfigFile(directory);
  const workspaces = reading.ok && Array.isArray(reading.file.workspaces) ? reading.file.workspaces : [];
  const entry: unknown = workspaces.find((other) => hasId(other, workspaceId));
  return isRecord(entry) && typeof entry.token === 'string' ? entry.token : null;
}

/** What `init` puts into the file: workspaces, and settings by their keys. */
export interface FileChange {
  readonly workspaces: readonly FileEntry[];
  readonly settings: Readonly<Record<string, string | number | boolean>>;
}

/** Puts workspaces and settings into the file, in place of those that are there. Rejects when it cannot be read or written. */
export async function saveToFile(directory: StateDirectory, change: FileChange): Promise<void> {
  await update(directory, (workspaces) => {
    for (const entry of change.workspaces) {
      const at = workspaces.findIndex((other) => hasId(other, entry.id));
      if (at < 0) workspaces.push(entry);
      else workspaces[at] = entry;
    }
    return change.settings;
  });
}

/** Takes a workspace out of the file; resolves with whether it was there. */
export async function removeEntry(directory: StateDirectory, workspaceId: string): Promise<boolean> {
  let found = false;
  await update(directory, (workspaces) => {
    const at = workspaces.findIndex((other) => hasId(other, workspaceId));
    found = at >= 0;
    if (found) workspaces.splice(at, 1);
    return found ? {} : null;
  });
  return found;
}

/**
 * Changes the list through lowdb, sets what `change` returns (null: nothing is to be written), and keeps everything else that
 * the file holds. The write is whole, private and durable.
 */
async function update(
  directory: StateDirectory,
  change: (workspaces: unknown[]) => FileChange['settings'] | null,
): Promise<void> {
  const database = new Low<unknown>(
    {
      read: () => read(directory),
      write: (data) => directory.writePrivateFile(CONFIG_FILE, `${JSON.stringify(data, null, 2)}\n`),
    },
    null,
  );
  await database.read();
  const data = database.data ?? { version: 1 };
  if (!isRecord(data)) throw new Error(`${CONFIG_FILE} must hold a JSON object`);
  const workspaces = Array.isArray(data.workspaces) ? [...data.workspaces] : [];
  const settings = change(workspaces);
  if (!settings) return;
  database.data = { ...data, workspaces, ...settings };
  await database.write();
}

async function read(directory: StateDirectory): Promise<unknown> {
  const text = (await directory.readPrivateFile(CONFIG_FILE))?.replace(/^\uFEFF/, '').trim() ?? '';
  return text === '' ? null : JSON.parse(text);
}

function hasId(entry: unknown, id: string): boolean {
  return isRecord(entry) && typeof entry.id === 'string' && entry.id.trim().toLowerCase() === id;
}

/** No list, or one with nothing in it, as `forget` leaves it. */
function isEmpty(workspaces: unknown): boolean {
  return (
    workspaces === undefined || workspaces === null || (Array.isArray(workspaces) && workspaces.length === 0)
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const scalar = z.union([z.string(), z.number(), z.boolean()]).nullish();
const keys = optionNames.map(keyOf);
const shape = z.looseObject(Object.fromEntries(keys.map((key) => [key, scalar])));
const KNOWN_KEYS: ReadonlySet<string> = new Set(['version', 'workspaces', ...keys]);
const NOTHING: ConfigFile = { layer: () => undefined, workspaces: null, unknownKeys: [] };
