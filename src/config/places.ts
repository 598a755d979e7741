import { join } from 'node:path';
import type { StateDirectory } from '../../adapters/state-directory/state-directory.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import { type Environment, environmentLayer } from './environment.ts';
import { type Flags, readFlags } from './flags.ts';
import { type PluginFile, pluginFilePath, readPluginFile } from './plugin-file.ts';
import { resolveOptions } from './resolve-options.ts';
import { readTokenFile, type TokenFileReading } from './token-file.ts';

/** Where a configuration comes from. */
export interface ConfigSources {
  readonly env: Environment;
  /** Command-line flags, `--push-window 10` or `--push-window=10`. */
  readonly args?: readonly string[];
  /** The user's home directory; without it neither `~` nor the channel plugin's file means anything. */
  readonly home?: string;
  /** Resolves the state directory; may reject with a line for the person. */
  readonly stateDirectory: (configsDir: string) => Promise<StateDirectory>;
}

/** Every place that may say something, read; what could not be read says nothing and is among the problems. */
export interface Places {
  readonly flags: Flags;
  readonly env: Environment;
  readonly directory: StateDirectory | null;
  readonly file: ConfigFile | null;
  readonly plugin: PluginFile | null;
  readonly authTokenFile: string;
  readonly authToken: TokenFileReading | null;
  readonly problems: readonly string[];
}

/** Reads them all; never rejects. Flags and environment say where the state directory is, the files in it cannot. */
export async function readPlaces({ env, args = [], home, stateDirectory }: ConfigSources): Promise<Places> {
  const problems: string[] = [];
  const reading = readFlags(args);
  if (!reading.ok) problems.push(...reading.problems);
  const flags = reading.ok ? reading.flags : NO_FLAGS;

  const { configsDir } = resolveOptions([flags.layer, environmentLayer(env)]).values;
  const directory = await stateDirectory(configsDir).catch((error: unknown) => {
    problems.push(error instanceof Error ? error.message : String(error));
    return null;
  });
  const file = directory && (await readConfigFile(directory));
  if (file && !file.ok) problems.push(...file.problems);
  const authTokenFile = join(directory?.path ?? '', '.auth_token');

  return {
    flags,
    env,
    directory,
    file: file?.ok ? file.file : null,
    plugin: home === undefined ? null : await readPluginFile(pluginFilePath(env, home)),
    authTokenFile,
    authToken: directory && (await readTokenFile(authTokenFile)),
    problems,
  };
}

const NO_FLAGS: Flags = { layer: () => undefined, workspaceId: undefined, tokenFile: undefined };
