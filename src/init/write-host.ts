import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, realpath, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { putIntoJson } from './edit-json.ts';
import { putIntoToml } from './edit-toml.ts';
import type { Host, HostPlaces } from './hosts/host.ts';
import type { Launch } from './launch.ts';
import type { EntryBefore } from './merge-entry.ts';

/** What was done to a host's file. */
export interface HostWritten {
  readonly path: string;
  readonly change: 'created' | 'added' | 'changed' | 'unchanged';
  /** The entry of our name that stood there before; null when there was none. */
  readonly before: EntryBefore | null;
}

/**
 * Puts the server into a host's own file; everything else in it stays, its mode and a link that leads to it included.
 * Rejects with one line when the file cannot be read, edited safely, or written: then it is as it was.
 */
export async function writeHost(
  host: Host,
  places: HostPlaces,
  name: string,
  launch: Launch,
): Promise<HostWritten> {
  const path = host.file(places);
  const target = await realpath(path).catch(() => path);
  const text = await readOr(target);
  const put = host.format === 'toml' ? putIntoToml : putIntoJson;
  const edit = put(text ?? '', host.table, name, host.entry(launch));
  if (!edit.ok) throw new Error(`${path} ${edit.reason}; it was left as it is: put the entry in by hand`);
  if (edit.text === text) return { path, change: 'unchanged', before: edit.before };
  await replace(target, edit.text);
  const change = text === null ? 'created' : edit.before === null ? 'added' : 'changed';
  return { path, change, before: edit.before };
}

async function readOr(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** Puts the whole text in place or nothing of it. A new file is private: hosts keep secrets of others in it, too. */
async function replace(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const mode = await stat(path).then(
    (facts) => facts.mode & 0o777,
    () => 0o600,
  );
  const beside = join(dirname(path), `.molecule-inbox-${randomBytes(6).toString('hex')}`);
  const file = await open(beside, 'wx', mode);
  try {
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
    await file.close();
    await rename(beside, path);
  } catch (error) {
    await file.close().catch(() => {});
    await unlink(beside).catch(() => {});
    throw error;
  }
}
