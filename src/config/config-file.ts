import { join } from 'node:path';
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

/** Reads the configuration file of a state directory; never rejects. */
export async function readConfigFile(directory: StateDirectory): Promise<ConfigFileReading> {
  const path = join(directory.path, CONFIG_FILE);
  const wrong = (problem: string) => ({ ok: false, problems: [`${path} ${problem}`] }) as const;
  let data: unknown;
  try {
    data = await readContent(directory);
  } catch (error) {
    if (!(error instanceof SyntaxError)) return { ok: false, problems: [reasonOf(error)] };
    return wrong('is not valid JSON; repair it, or move it away and run molecule-inbox init');
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
        if (!option) return `${path}: ${key} must be text, a number or a switch; for example "${key}": 1`;
        return `${path}: ${key} must be ${options[option].shape}; for example ${options[option].example}`;
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

/** The file's content, parsed and unchecked; null when there is none. Rejects when it is no JSON or cannot be read. */
export async function readContent(directory: StateDirectory): Promise<unknown> {
  const text = (await directory.readPrivateFile(CONFIG_FILE))?.replace(/^\uFEFF/, '').trim() ?? '';
  return text === '' ? null : JSON.parse(text);
}

/** Whether an entry, as written, is that of a workspace (its id in lower case). */
export function hasId(entry: unknown, id: string): boolean {
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
