import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, readlink, realpath, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
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
 * Puts the server into a host's own file; everything else in it stays, its mode and a link that leads to it included. What
 * the host writes there meanwhile stays, too: then it is read and edited anew. Rejects with one line when the file cannot be
 * read, edited safely, or written, or is never at rest: then it is as it was.
 */
export async function writeHost(
  host: Host,
  places: HostPlaces,
  name: string,
  launch: Launch,
): Promise<HostWritten> {
  const path = host.file(places);
  const put = host.format === 'toml' ? putIntoToml : putIntoJson;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const target = await targetOf(path);
    const text = await readOr(target);
    const edit = put(text ?? '', host.table, name, host.entry(launch));
    if (!edit.ok) throw new Error(`${path} ${edit.reason}; it was left as it is: put the entry in by hand`);
    if (edit.text === text) return { path, change: 'unchanged', before: edit.before };
    if (!(await replace(target, text, edit.text))) continue;
    const change = text === null ? 'created' : edit.before === null ? 'added' : 'changed';
    return { path, change, before: edit.before };
  }
  const what = `${path} is being written by another program; it was left as it is`;
  throw new Error(`${what}: end ${host.title}, and run this again`);
}

/** The file that a path means, every link followed, also one to a file that is not there yet. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const link = await readlink(path).catch(() => null);
    return link === null ? path : resolve(dirname(path), link);
  }
}

async function readOr(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new Error(`${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * Puts the whole text in place of what was read before, or nothing of it when the file is another one by then; resolves with
 * whether it did. A new file is private: hosts keep secrets of others in it, too.
 */
async function replace(path: string, before: string | null, text: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const mode = await stat(path).then(
    (facts) => facts.mode & 0o777,
    () => 0o600,
  );
  const beside = join(dirname(path), `.molecule-inbox-${randomBytes(6).toString('hex')}`);
  const file = await open(beside, 'wx', mode);
  let isReplaced = false;
  try {
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
    await file.close();
    if ((await readOr(path)) === before) {
      await rename(beside, path);
      isReplaced = true;
    }
  } finally {
    await file.close().catch(() => {});
    if (!isReplaced) await unlink(beside).catch(() => {});
  }
  return isReplaced;
}

const ATTEMPTS = 5;
