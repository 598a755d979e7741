import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { StateDirectory } from '../../adapters/state-directory/state-directory.ts';
import { refuseImpossible } from '../domain/refuse-impossible.ts';
import { readWorkspaces } from '../domain/workspaces-env.ts';
import type { Config } from './config.ts';
import { createCredentials, readTokenText } from './credentials.ts';
import { type OptionName, type OptionValues, options } from './options.ts';

/** A configuration to start with, or one line for each thing that is wrong with it; no line holds a token. */
export type ConfigReading =
  | { readonly ok: true; readonly config: Config; readonly directory: StateDirectory }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Where a configuration comes from: flags beat the environment. */
export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Command-line flags, `--push-window 10` or `--push-window=10`. */
  readonly args?: readonly string[];
  /** Resolves the state directory, where `.auth_token` may lie; may reject with a line for the person. */
  readonly stateDirectory: (configsDir: string) => Promise<StateDirectory>;
}

/** Reads the whole configuration; every problem is told at once. */
export async function loadConfig({ env, args = [], stateDirectory }: ConfigSources): Promise<ConfigReading> {
  const flags = readFlags(args);
  if (!flags.ok) return flags;
  const problems: string[] = [];
  const values = Object.fromEntries(
    Object.entries(options).map(([name, option]) => {
      const flag = flags.values[kebabCase(name)];
      const text = (flag ?? env[option.variable] ?? '').trim();
      if (text === '') return [name, option.fallback];
      const parsed = option.schema.safeParse(text);
      if (parsed.success) return [name, parsed.data];
      problems.push(
        `${flag === undefined ? option.variable : `--${kebabCase(name)}`} must be ${option.shape}`,
      );
      return [name, option.fallback];
    }),
  ) as unknown as OptionValues;

  let directory: StateDirectory;
  try {
    directory = await stateDirectory(values.configsDir);
  } catch (error) {
    return { ok: false, problems: [error instanceof Error ? error.message : String(error)] };
  }
  const tokenFile = join(directory.path, '.auth_token');
  const reading = readWorkspaces(env, readTokenText(tokenFile));
  if (!reading.ok)
    return { ok: false, problems: [...problems, ...reading.problems.map(({ message }) => message)] };
  const usable = refuseImpossible(reading.workspaces, values.platformUrl);
  if (!usable.ok) problems.push(...usable.problems);
  if (!usable.ok || problems.length > 0) return { ok: false, problems };

  const workspaces = usable.workspaces.map(({ id, token, platformUrl, ...entry }, index) => {
    const fromFile = reading.workspaces[index]?.setBy.token === '.auth_token' ? tokenFile : undefined;
    return { id, platformUrl, credentials: createCredentials(token, entry.tokenFile ?? fromFile) };
  });
  const unread = workspaces.find(({ credentials }) => credentials.token() === '');
  if (unread) return { ok: false, problems: [`the token file of workspace ${unread.id} holds no token`] };
  return { ok: true, config: { workspaces, options: values }, directory };
}

/** The flag of an option: `pushWindow` → `push-window`. */
export function kebabCase(name: OptionName | string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

type Flags =
  | { readonly ok: true; readonly values: Readonly<Record<string, string | undefined>> }
  | { readonly ok: false; readonly problems: readonly string[] };

function readFlags(args: readonly string[]): Flags {
  try {
    const known = Object.fromEntries(
      Object.keys(options).map((name) => [kebabCase(name), { type: 'string' as const }]),
    );
    return { ok: true, values: parseArgs({ args: [...args], options: known }).values };
  } catch (error) {
    return { ok: false, problems: [error instanceof Error ? error.message : String(error)] };
  }
}
