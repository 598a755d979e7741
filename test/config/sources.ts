import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createDisk } from '../../adapters/disk/disk.ts';
import { resolveStateDirectory } from '../../adapters/state-directory/resolve.ts';
import type { Environment } from '../../src/config/environment.ts';
import { readSettings, type Settings } from '../../src/config/settings.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { createTempFolder } from '../support/temp-folder.ts';

export const ID = '6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11';
export const OTHER_ID = '0b7e6b0e-2f0f-4f4e-8a54-6b6b3d3b9b01';
export const TOKEN = 'wsT-SECRET-that-nobody-may-ever-read';
export const SINGLE = {
  PLATFORM_URL: 'https://platform.example/',
  WORKSPACE_ID: ID,
  MOLECULE_WORKSPACE_TOKEN: TOKEN,
};

/** What a test gives the configuration: variables, flags, and files below the home directory. */
export interface Given {
  readonly env?: Environment;
  readonly args?: readonly string[];
  /** Path below the home directory (`state/…` is the state directory) → content; an object is written as JSON. */
  readonly files?: Readonly<Record<string, string | object>>;
  /** A home directory of an earlier reading. */
  readonly home?: string;
}

/** Reads a configuration as the program does, from a home directory of its own. */
export async function read({
  env = {},
  args = [],
  files = {},
  ...given
}: Given): Promise<Settings & { readonly home: string }> {
  const home = given.home ?? createTempFolder('home');
  for (const [path, content] of Object.entries(files)) write(join(home, path), content);
  const logger = recordingLogger();
  const disk = createDisk({ logger });
  const settings = await readSettings({
    env: { CONFIGS_DIR: join(home, 'state'), ...env },
    args,
    home,
    stateDirectory: (configsDir) =>
      resolveStateDirectory({ configsDir, home, disk, logger, mounted: '/nowhere' }),
  });
  return { ...settings, home };
}

/** Writes a private file, with its folders. */
export function write(path: string, content: string | object): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
}
