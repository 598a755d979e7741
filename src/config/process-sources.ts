import { homedir } from 'node:os';
import { resolveStateDirectory } from '../../adapters/state-directory/resolve.ts';
import type { Disk } from '../domain/ports/disk.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import type { ConfigSources } from './places.ts';

/** The configuration's sources as this process has them: its command line, its environment, its user's home. */
export function processSources(
  args: readonly string[],
  parts: { readonly disk: Disk; readonly logger: Logger },
): ConfigSources {
  const home = homedir();
  return {
    env: process.env,
    args,
    home,
    stateDirectory: (configsDir) => resolveStateDirectory({ configsDir, home, ...parts }),
  };
}
