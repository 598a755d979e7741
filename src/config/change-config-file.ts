import { Low } from 'lowdb';
import type { StateDirectory } from '../../adapters/state-directory/state-directory.ts';
import { isRecord } from '../domain/record.ts';
import { CONFIG_FILE, hasId, readContent } from './config-file.ts';

/** One workspace as `init` writes it. */
export interface FileEntry {
  readonly id: string;
  readonly token?: string;
  readonly token_file?: string;
  readonly platform_url: string;
  readonly org_id?: string;
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
      read: () => readContent(directory),
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
