import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from './environment.ts';

/** The channel plugin's own settings, which are used when nothing else names a workspace. */
export interface PluginFile {
  readonly path: string;
  readonly env: Environment;
}

/** Where the channel plugin keeps its settings: `.env` in `MOLECULE_STATE_DIR`, else in `~/.claude/channels/molecule`. */
export function pluginFilePath(env: Environment, home: string): string {
  const folder = env.MOLECULE_STATE_DIR?.trim() || join(home, '.claude', 'channels', 'molecule');
  return join(folder, '.env');
}

/** Reads the plugin's `.env`; null when there is none that can be read: it is somebody else's file. Never rejects. */
export async function readPluginFile(path: string): Promise<PluginFile | null> {
  try {
    const facts = await stat(path);
    if (!facts.isFile() || facts.size > MAX_BYTES) return null;
    return { path, env: parseEnv(await readFile(path, 'utf8')) };
  } catch {
    return null;
  }
}

const MAX_BYTES = 1024 * 1024;
