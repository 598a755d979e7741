import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDisk } from '../adapters/disk/disk.ts';
import { resolveStateDirectory } from '../adapters/state-directory/resolve.ts';
import { type Bridge, createBridge } from '../src/bridge/bridge.ts';
import type { Pace } from '../src/bridge/pacing/pace.ts';
import { loadConfig } from '../src/config/load-config.ts';

/** Where a bridge finds its one workspace. */
export interface Offered {
  readonly url: string;
  readonly workspaceId: string;
  readonly token: string;
}

/** The program without its host, in this process, on a fresh state folder that vanishes when the process is told to end. */
export async function openBridge(
  { url, workspaceId, token }: Offered,
  env: (folder: string) => Readonly<Record<string, string>> = () => ({}),
  pace?: Pace,
): Promise<Bridge> {
  const folder = mkdtempSync(join(tmpdir(), 'molecule-inbox-bench-'));
  process.once('SIGTERM', () => {
    rmSync(folder, { recursive: true });
    process.exit(0);
  });
  const logger = { info() {}, warn: console.error, error: console.error };
  const disk = createDisk({ logger });
  const reading = await loadConfig({
    env: {
      CONFIGS_DIR: folder,
      PLATFORM_URL: url,
      WORKSPACE_ID: workspaceId,
      MOLECULE_WORKSPACE_TOKEN: token,
      ...env(folder),
    },
    args: [],
    home: folder,
    stateDirectory: (configsDir) => resolveStateDirectory({ configsDir, home: folder, disk, logger }),
  });
  if (!reading.ok) throw new Error(reading.problems.join('\n'));
  const { config, directory } = reading;
  return createBridge({ config, directory, disk, logger, ...(pace && { pace }) });
}
