import type { StateDirectory } from '../../adapters/state-directory/state-directory.ts';
import type { Config } from './config.ts';
import type { ConfigSources } from './places.ts';
import { readSettings } from './settings.ts';

/** A configuration to start with, or one line for each thing that is wrong with it; no line holds a token. */
export type ConfigReading =
  | {
      readonly ok: true;
      readonly config: Config;
      readonly directory: StateDirectory;
      /** What is odd and does not hinder, one line each. */
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the whole configuration; every problem is told at once. Never rejects. */
export async function loadConfig(sources: ConfigSources): Promise<ConfigReading> {
  const { options, directory, workspaces, certificates, problems, notes } = await readSettings(sources);
  if (problems.length > 0 || !directory) return { ok: false, problems };
  return { ok: true, config: { workspaces, options: options.values, certificates }, directory, notes };
}
