import * as nodeFs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDisk } from '../../../adapters/disk/disk.ts';
import { byteSourceOf } from '../../../src/domain/ports/bytes.ts';
import { faultyFileSystem } from '../../support/faulty-file-system.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

const bytes = (text: string) => byteSourceOf([Buffer.from(text)]);
const MEBI = 1024 * 1024;
function* mebibytes(count: number) {
  for (let n = 0; n < count; n += 1) yield Buffer.alloc(MEBI, n);
}
const mode = async (path: string) => ((await nodeFs.stat(path)).mode & 0o777).toString(8);

describe.skipIf(process.platform === 'win32')('disk', () => {
  it('creates folders and files that only their owner can read', async () => {
    const root = createTempFolder();
    const disk = createDisk({ logger: recordingLogger() });
    await disk.ensureFolder(join(root, 'a/b/c'));
    await disk.replaceFile(join(root, 'a/b/c/file'), bytes('hello'));
    expect(
      await Promise.all(['a', 'a/b', 'a/b/c', 'a/b/c/file'].map((path) => mode(join(root, path)))),
    ).toEqual(['700', '700', '700', '600']);
  });

  it('W-45: tightens loose modes of its own, and says so once', async () => {
    const root = createTempFolder();
    const logger = recordingLogger();
    const disk = createDisk({ logger });
    await nodeFs.mkdir(join(root, 'open'));
    await nodeFs.chmod(join(root, 'open'), 0o755);
    await nodeFs.writeFile(join(root, 'open/file'), 'old');
    await nodeFs.chmod(join(root, 'open/file'), 0o666);
    for (let i = 0; i < 2; i += 1) {
      await disk.ensureFolder(join(root, 'open'));
      await (await disk.openFile(join(root, 'open/file'), 'write'))?.close();
    }
    expect(await mode(join(root, 'open'))).toBe('700');
    expect(await mode(join(root, 'open/file'))).toBe('600');
    expect(logger.lines).toEqual([
      `tightened ${root}/open from mode 755 to 700`,
      `tightened ${root}/open/file from mode 666 to 600`,
    ]);
  });

  it('W-46: follows no symlink, neither to a file nor to a folder', async () => {
    const root = createTempFolder();
    const disk = createDisk({ logger: recordingLogger() });
    await nodeFs.mkdir(join(root, 'victims'));
    await nodeFs.writeFile(join(root, 'victims/file'), 'precious');
    await nodeFs.symlink(join(root, 'victims'), join(root, 'folder'));
    await nodeFs.symlink(join(root, 'victims/file'), join(root, 'file'));
    await expect(disk.ensureFolder(join(root, 'folder'))).rejects.toMatchObject({ kind: 'symlink' });
    await expect(disk.openFile(join(root, 'file'), 'read')).rejects.toMatchObject({ kind: 'symlink' });
    await expect(disk.openFile(join(root, 'file'), 'write')).rejects.toMatchObject({ kind: 'symlink' });
    // Replacing puts a file in the link's place; the victim keeps its bytes.
    await disk.replaceFile(join(root, 'file'), bytes('new'));
    expect(await nodeFs.readFile(join(root, 'victims/file'), 'utf8')).toBe('precious');
    expect(await disk.look(join(root, 'file'))).toMatchObject({ kind: 'file', bytes: 3 });
    await disk.removeFolder(join(root, 'folder'));
    expect(await nodeFs.readdir(join(root, 'victims'))).toEqual(['file']);
  });

  it('says plainly when a file stands where a folder should be, and the other way about', async () => {
    const root = createTempFolder();
    const disk = createDisk({ logger: recordingLogger() });
    await nodeFs.writeFile(join(root, 'file'), '');
    await expect(disk.ensureFolder(join(root, 'file'))).rejects.toMatchObject({ kind: 'not-a-directory' });
    await expect(disk.ensureFolder(join(root, 'file/below'))).rejects.toMatchObject({
      kind: 'not-a-directory',
    });
    await expect(disk.openFile(join(root), 'read')).rejects.toMatchObject({ kind: 'failed' });
    expect(await disk.openFile(join(root, 'missing'), 'read')).toBeNull();
  });

  it('leaves the old file and no temp when the new one cannot be finished', async () => {
    const root = createTempFolder();
    const disk = createDisk({ logger: recordingLogger() });
    await disk.replaceFile(join(root, 'file'), bytes('old'));
    const broken = async function* () {
      yield Buffer.from('half');
      throw new Error('the source broke');
    };
    await expect(disk.replaceFile(join(root, 'file'), byteSourceOf(broken()))).rejects.toThrow(
      'the source broke',
    );
    expect(await disk.list(root)).toEqual(['file']);
    expect(await nodeFs.readFile(join(root, 'file'), 'utf8')).toBe('old');
  });

  it('puts no file in place of which one flush has failed, whatever the later ones say', async () => {
    const root = createTempFolder();
    let flushes = 0;
    const { fs } = faultyFileSystem(({ call }) =>
      call === 'datasync' && ++flushes === 1 ? { refuse: 'EIO' } : 'done',
    );
    const disk = createDisk({ logger: recordingLogger(), fs });
    await expect(disk.replaceFile(join(root, 'file'), byteSourceOf(mebibytes(24)))).rejects.toThrow('EIO');
    expect(flushes).toBeGreaterThan(1);
    expect(await disk.list(root)).toEqual([]);
  });

  it('sweeps the temps of one tag and nothing else', async () => {
    const root = createTempFolder();
    const disk = createDisk({ logger: recordingLogger() });
    const names = ['.file.0123456789abcdef.tmp', '.file.short.tmp', '.other.0123456789abcdef.tmp', 'file'];
    for (const name of names) await nodeFs.writeFile(join(root, name), '');
    await disk.sweepTemps(root, 'file');
    expect(await disk.list(root)).toEqual(names.slice(1));
  });

  it('escapes control characters of a path in what it says (W-57)', async () => {
    const root = createTempFolder();
    const disk = createDisk({ logger: recordingLogger() });
    await nodeFs.writeFile(join(root, 'a\nb'), '');
    await expect(disk.ensureFolder(join(root, 'a\nb'))).rejects.toThrow(/a\\u\{a\}b: a file stands/);
  });
});
