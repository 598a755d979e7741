import * as nodeFs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDisk, type FileSystem } from '../../../adapters/disk/disk.ts';
import { createFileStore } from '../../../adapters/staged-files/file-store.ts';
import { chooseStagingFolder, sharedStagingFolders } from '../../../adapters/staged-files/folder.ts';
import { type ByteSource, byteSourceOf } from '../../../src/domain/ports/bytes.ts';
import type { FileToStage } from '../../../src/domain/ports/storage.ts';
import { faultyFileSystem } from '../../support/faulty-file-system.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { idOf } from '../../support/rows.ts';
import { createTempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

const NEVER = new AbortController().signal;
const FILE: FileToStage = { fileId: idOf(1, 'file'), name: 'report.pdf', expectedBytes: [11], maxBytes: 100 };
const NAME = 'dddddddd000040008000000000000001-report.pdf';
const mode = async (path: string) => ((await nodeFs.lstat(path)).mode & 0o777).toString(8);

const body = (...chunks: readonly string[]) => byteSourceOf(chunks.map((chunk) => Buffer.from(chunk)));

async function storeIn(
  parent: string,
  { uploadsDir = '', mounted = join(parent, 'none'), fs = nodeFs as FileSystem } = {},
) {
  const disk = createDisk({ logger: recordingLogger(), fs });
  const folder = await chooseStagingFolder({
    uploadsDir,
    mounted,
    workspaceFolder: join(parent, 'state'),
    disk,
  });
  return { folder, store: createFileStore({ folder, disk, owner: 'workspace' }) };
}

describe('staged files', () => {
  it('are streamed into place under id and sanitised name, private', async () => {
    const { folder, store } = await storeIn(createTempFolder());
    const staged = await store.stage(
      { ...FILE, name: '../../etc/re port\n.pdf' },
      body('hello ', 'world'),
      NEVER,
    );
    expect(staged).toEqual({
      path: join(folder.path, 'dddddddd000040008000000000000001-re_port_.pdf'),
      bytes: 11,
    });
    expect(await nodeFs.readFile(staged.path, 'utf8')).toBe('hello world');
    expect(await mode(staged.path)).toBe('600');
    expect(await mode(folder.path)).toBe('700');
    expect(await store.holds(staged.path, 11)).toBe(true);
    expect(await store.holds(staged.path, 10)).toBe(false);
    expect(await store.holds(folder.path, (await nodeFs.stat(folder.path)).size)).toBe(false);
    await store.remove(staged.path);
    await store.remove(staged.path);
    expect(await store.holds(staged.path, 11)).toBe(false);
  });

  it('W-38: a file that is there with the right size is kept, and the body left alone', async () => {
    const { folder, store } = await storeIn(createTempFolder());
    await store.stage(FILE, body('hello world'), NEVER);
    const { ino } = await nodeFs.stat(join(folder.path, NAME));
    const unread = () => Promise.reject(new Error('was read'));
    expect(await store.stage(FILE, unread, NEVER)).toEqual({ path: join(folder.path, NAME), bytes: 11 });
    expect((await nodeFs.stat(join(folder.path, NAME))).ino).toBe(ino);
    // One that has become too large meanwhile is fetched again, and refused as it comes.
    const smaller = { ...FILE, maxBytes: 10 };
    await expect(store.stage(smaller, body('hello world'), NEVER)).rejects.toMatchObject({
      kind: 'too-large',
    });
    // One of another size was never ours to keep, and is replaced, not doubled.
    await store.stage({ ...FILE, expectedBytes: [3] }, body('new'), NEVER);
    expect(await nodeFs.readdir(folder.path)).toEqual([NAME]);
    expect(await nodeFs.readFile(join(folder.path, NAME), 'utf8')).toBe('new');
  });

  it('W-37: what is found in place is flushed there before it counts, as a crash may have come before that', async () => {
    const parent = createTempFolder();
    const first = await storeIn(parent);
    await first.store.stage(FILE, body('hello world'), NEVER);
    const { fs, steps } = faultyFileSystem(() => 'done');
    const { store } = await storeIn(parent, { fs });
    await store.stage(FILE, body('hello world'), NEVER);
    expect(steps).toMatchObject([{ call: 'syncFolder', path: first.folder.path }]);
  });

  it.each([
    ['longer than announced', { expectedBytes: [10] }, 'wrong-length'],
    ['shorter than announced', { expectedBytes: [12] }, 'wrong-length'],
    ['announced in two lengths', { expectedBytes: [11, 12] }, 'wrong-length'],
    ['larger than allowed', { expectedBytes: [], maxBytes: 10 }, 'too-large'],
    ['named by no UUID', { fileId: '../escaped' }, 'failed'],
  ])('refuses a file %s and leaves nothing', async (_, over, kind) => {
    const { folder, store } = await storeIn(createTempFolder());
    await folder.ensure();
    await expect(store.stage({ ...FILE, ...over }, body('hello ', 'world'), NEVER)).rejects.toMatchObject({
      kind,
    });
    expect(await nodeFs.readdir(folder.path)).toEqual([]);
  });

  it('takes exactly the allowed size, an unannounced length and no byte at all', async () => {
    const { store } = await storeIn(createTempFolder());
    expect((await store.stage({ ...FILE, maxBytes: 11 }, body('hello world'), NEVER)).bytes).toBe(11);
    expect((await store.stage({ ...FILE, expectedBytes: [] }, body('hello'), NEVER)).bytes).toBe(5);
    expect((await store.stage({ ...FILE, expectedBytes: [0] }, body(), NEVER)).bytes).toBe(0);
  });

  it('ends at once when told to, though the body stands still, and when the body breaks', async () => {
    const { folder, store } = await storeIn(createTempFolder());
    const abort = new AbortController();
    const hanging = async function* () {
      yield Buffer.from('hello ');
      abort.abort(new Error('stopping'));
      await new Promise(() => {});
    };
    await expect(store.stage(FILE, byteSourceOf(hanging()), abort.signal)).rejects.toThrow('stopping');
    const breaking = async function* () {
      yield Buffer.from('hello ');
      throw new Error('connection reset');
    };
    await expect(store.stage(FILE, byteSourceOf(breaking()), NEVER)).rejects.toThrow('connection reset');
    await expect(
      store.stage(FILE, body('hello world'), AbortSignal.abort(new Error('over'))),
    ).rejects.toThrow('over');
    expect(await nodeFs.readdir(folder.path)).toEqual([]);
  });

  it('takes nothing more of a body that it has let go of', async () => {
    const { folder, store } = await storeIn(createTempFolder());
    const abort = new AbortController();
    let late: unknown;
    const goingOn: ByteSource = async (take) => {
      await take(Buffer.from('hello '));
      abort.abort(new Error('stopping'));
      await new Promise((resolve) => setImmediate(resolve));
      try {
        await take(Buffer.from('world'));
      } catch (error) {
        late = error;
      }
    };
    await expect(store.stage(FILE, goingOn, abort.signal)).rejects.toThrow('stopping');
    await until(() => late !== undefined, 'the body went on');
    expect(late).toBe(abort.signal.reason);
    expect(await nodeFs.readdir(folder.path)).toEqual([]);
  });

  it('W-42: are not put through a link, at the folder or above it', async () => {
    const parent = createTempFolder();
    await nodeFs.mkdir(join(parent, 'victims'));
    await nodeFs.symlink(join(parent, 'victims'), join(parent, 'uploads'));
    const linked = await storeIn(parent, { uploadsDir: join(parent, 'uploads') });
    await expect(linked.store.stage(FILE, body('hello world'), NEVER)).rejects.toMatchObject({
      kind: 'symlink',
    });

    await nodeFs.mkdir(join(parent, 'mounted'));
    await nodeFs.symlink(join(parent, 'victims'), join(parent, 'mounted/.molecule'));
    const below = await storeIn(parent, { mounted: join(parent, 'mounted') });
    await expect(below.store.stage(FILE, body('hello world'), NEVER)).rejects.toMatchObject({
      kind: 'symlink',
    });
    expect(await nodeFs.readdir(join(parent, 'victims'))).toEqual([]);

    // A link planted at the file's own name is replaced, not followed.
    const { folder, store } = await storeIn(parent);
    await folder.ensure();
    await nodeFs.writeFile(join(parent, 'victims/file'), 'precious');
    await nodeFs.symlink(join(parent, 'victims/file'), join(folder.path, NAME));
    await store.stage(FILE, body('hello world'), NEVER);
    expect(await nodeFs.readFile(join(parent, 'victims/file'), 'utf8')).toBe('precious');
    expect((await nodeFs.lstat(join(folder.path, NAME))).isFile()).toBe(true);
  });

  it('refuses to remove what it cannot have staged', async () => {
    // A file of the test's own: a guard that is broken one day shall not harm whoever runs this.
    const precious = join(createTempFolder(), 'precious');
    await nodeFs.writeFile(precious, 'not ours');
    const { store } = await storeIn(createTempFolder());
    await expect(store.remove(precious)).rejects.toThrow('no staged file');
    expect(await nodeFs.readFile(precious, 'utf8')).toBe('not ours');
  });

  it('W-41: a crash at any step leaves no file under a final name but a whole one, and the next start finishes', async () => {
    let crashed = true;
    for (let at = 1; crashed; at += 1) {
      const parent = createTempFolder();
      crashed = false;
      const { fs } = faultyFileSystem((step) => {
        if (step.number < at) return 'done';
        crashed = true;
        return step.number === at ? { cut: 'EIO' } : { refuse: 'EIO' };
      });
      const dying = await storeIn(parent, { fs });
      await dying.store.stage(FILE, body('hello ', 'world'), NEVER).catch(() => {});

      const { folder, store } = await storeIn(parent);
      const left: string[] = await nodeFs.readdir(folder.path).catch(() => []);
      if (left.includes(NAME))
        expect(await nodeFs.readFile(join(folder.path, NAME), 'utf8')).toBe('hello world');
      await store.sweep();
      await store.stage(FILE, body('hello world'), NEVER);
      expect(await nodeFs.readdir(folder.path)).toEqual([NAME]);
      expect(await nodeFs.readFile(join(folder.path, NAME), 'utf8')).toBe('hello world');
    }
  });

  it('sweeps its own temps, not those that another workspace is writing', async () => {
    const { folder, store } = await storeIn(createTempFolder());
    await folder.ensure();
    await nodeFs.writeFile(join(folder.path, '.workspace.0123456789abcdef.tmp'), '');
    await nodeFs.writeFile(join(folder.path, '.another.0123456789abcdef.tmp'), '');
    await store.sweep();
    expect(await nodeFs.readdir(folder.path)).toEqual(['.another.0123456789abcdef.tmp']);
  });
});

describe('where files are staged', () => {
  it('in MOLECULE_UPLOADS_DIR, else below /workspace if that is there, else beside the log', async () => {
    const parent = createTempFolder();
    const where = async (options: object) => (await storeIn(parent, options)).folder.path;
    expect(await where({})).toBe(join(parent, 'state/files'));
    expect(await where({ mounted: parent })).toBe(join(parent, '.molecule/chat-uploads'));
    expect(await where({ mounted: parent, uploadsDir: ` ${parent}/mine ` })).toBe(join(parent, 'mine'));
    expect(await nodeFs.readdir(parent)).toEqual([]);
  });

  it('outside the state directory in folders from which nothing else may leave, whichever is used (W-55)', () => {
    expect(sharedStagingFolders('')).toEqual(['/workspace/.molecule/chat-uploads']);
    expect(sharedStagingFolders(' /mine ')).toEqual(['/mine', '/workspace/.molecule/chat-uploads']);
  });
});
