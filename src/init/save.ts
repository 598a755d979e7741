import { join } from 'node:path';
import type { StateDirectory } from '../../adapters/state-directory/state-directory.ts';
import { type FileEntry, saveToFile } from '../config/change-config-file.ts';
import type { WorkspaceConfig } from '../config/config.ts';
import { CONFIG_FILE } from '../config/config-file.ts';
import type { Flags } from '../config/flags.ts';
import { keyOf, type OptionName, type OptionValues, optionNames } from '../config/options.ts';

/** A workspace that is to be joined, and where its token is kept if that is a file of the user's. */
export interface Joined {
  readonly workspace: WorkspaceConfig;
  readonly tokenFile: string | null;
}

/**
 * Writes workspaces into the configuration file, together with every option that was given as a flag: a flag of `init` is
 * meant to last. Resolves with the file's path.
 */
export async function save(
  directory: StateDirectory,
  joined: readonly Joined[],
  flags: Pick<Flags, 'layer'>,
  values: OptionValues,
): Promise<string> {
  await saveToFile(directory, {
    workspaces: joined.map(entryOf),
    settings: Object.fromEntries(lasting(flags).map((name) => [keyOf(name), values[name]])),
  });
  return join(directory.path, CONFIG_FILE);
}

/** Whether any option was given as a flag that {@link save} would write. */
export function givesSettings(flags: Pick<Flags, 'layer'>): boolean {
  return lasting(flags).length > 0;
}

function lasting(flags: Pick<Flags, 'layer'>): readonly OptionName[] {
  return optionNames.filter((name) => !ELSEWHERE.has(name) && flags.layer(name) !== undefined);
}

function entryOf({ workspace, tokenFile }: Joined): FileEntry {
  const { id, platformUrl, orgId, credentials } = workspace;
  return {
    id,
    ...(tokenFile === null ? { token: credentials.token() } : { token_file: tokenFile }),
    platform_url: platformUrl,
    ...(orgId === undefined ? {} : { org_id: orgId }),
  };
}

/** Options that stand with the workspace, or say where the file itself is. */
const ELSEWHERE: ReadonlySet<OptionName> = new Set(['platformUrl', 'orgId', 'configsDir']);
