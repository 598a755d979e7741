import * as nodeFs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDisk } from '../../../adapters/disk/disk.ts';
import { resolveStateDirectory } from '../../../adapters/state-directory/resolve.ts';
import { workspaceFolderName } from '../../../adapters/state-directory/state-directory.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

const WORKSPACE = { id: '11111111-2222-4333-8444-555555555555', platformUrl: 'https://platform.example' };
const ROW = 'cccccccc-0000-4000-8000-000000000001';
const mode = async (path: string) => ((await nodeFs.lstat(path)).mode & 0o777).toString(8);

function home() {
  const folder = createTempFolder('home');
  const logger = recordingLogger();
  const resolve = (configsDir = '', mounted = join(folder, 'no-mount')) =>
    resolveStateDirectory({ configsDir, home: folder, disk: createDisk({ logger }), logger, mounted });
  return { folder, logger, resolve };
}

describe('where the state directory is', () => {
  it('C3-1: CONFIGS_DIR first, trimmed, created with its parents, private', async () => {
    const { folder, resolve } = home();
    const path = join(folder, 'some/where');
    expect((await resolve(`  ${path} `)).path).toBe(path);
    expect(await mode(path)).toBe('700');
    expect(await mode(join(folder, 'some'))).toBe('700');
  });

  it('C3-2: /configs next, only if it exists, never created', async () => {
    const { folder, resolve } = home();
    const mounted = join(folder, 'configs');
    expect((await resolve('', mounted)).path).toBe(join(folder, '.molecule-workspace'));
    await nodeFs.mkdir(mounted);
    expect((await resolve('', mounted)).path).toBe(mounted);
  });

  it('C3-3, W-45: else ~/.molecule-workspace, 0700 also when it was there and open', async () => {
    const { folder, logger, resolve } = home();
    const path = join(folder, '.molecule-workspace');
    await nodeFs.mkdir(path);
    await nodeFs.chmod(path, 0o755);
    expect((await resolve()).path).toBe(path);
    expect(await mode(path)).toBe('700');
    expect(logger.lines).toEqual([`tightened ${path} from mode 755 to 700`]);
  });

  it('C3-4, C3-5: nothing is cached, and resolving twice changes nothing', async () => {
    const { folder, logger, resolve } = home();
    expect((await resolve(join(folder, 'a'))).path).toBe(join(folder, 'a'));
    expect((await resolve(join(folder, 'b'))).path).toBe(join(folder, 'b'));
    expect((await resolve(join(folder, 'a'))).path).toBe(join(folder, 'a'));
    expect(logger.lines).toEqual([]);
  });

  it('C3-7: a chosen directory that is unusable is refused in one line; nothing falls through', async () => {
    const { folder, resolve } = home();
    await nodeFs.writeFile(join(folder, 'file'), '');
    await nodeFs.symlink(folder, join(folder, 'link'));
    await expect(resolve(join(folder, 'file'))).rejects.toMatchObject({
      kind: 'not-a-directory',
      message: expect.stringMatching(
        /^no state directory: .*a file stands where a folder should be.*for example CONFIGS_DIR=\S+\.$/,
      ),
    });
    await expect(resolve(join(folder, 'link'))).rejects.toMatchObject({ kind: 'symlink' });
    expect(await nodeFs.readdir(folder)).not.toContain('.molecule-workspace');
  });

  it.runIf(process.getuid?.() === 0)('refuses a directory that belongs to another user', async () => {
    const { folder, resolve } = home();
    await nodeFs.mkdir(join(folder, 'foreign'));
    await nodeFs.chown(join(folder, 'foreign'), 12_345, 12_345);
    await expect(resolve(join(folder, 'foreign'))).rejects.toMatchObject({
      kind: 'not-owned',
      message: expect.stringContaining('belongs to another user (uid 12345'),
    });
  });

  it.skipIf(process.getuid?.() === 0)('says that it can only be read, and reads it', async () => {
    const { folder, resolve } = home();
    await nodeFs.mkdir(join(folder, 'fixed'));
    await nodeFs.writeFile(join(folder, 'fixed/.auth_token'), 'token', { mode: 0o600 });
    await nodeFs.chmod(join(folder, 'fixed'), 0o500);
    const state = await resolve(join(folder, 'fixed'));
    expect(state.unwritable).toMatchObject({ kind: 'read-only' });
    expect(await state.readPrivateFile('.auth_token')).toBe('token');
    await expect(state.workspaceFolder(WORKSPACE)).rejects.toMatchObject({ kind: 'read-only' });
  });

  it('leaves the modes of folders that others rely on, and says when they may write', async () => {
    const { folder, logger, resolve } = home();
    await nodeFs.chmod(folder, 0o755);
    await resolve(folder);
    expect(await mode(folder)).toBe('755');
    expect(logger.lines).toEqual([]);
    await nodeFs.chmod(folder, 0o777);
    await resolve(folder);
    expect(await mode(folder)).toBe('777');
    expect(logger.lines).toEqual([`others may write to ${folder} (mode 777)`]);
  });
});

describe('private files', () => {
  it('are read and written whole, 0600, through no symlink; unchanged ones are left alone (W-45…W-47)', async () => {
    const { folder, resolve } = home();
    const state = await resolve();
    const path = join(state.path, '.auth_token');
    expect(await state.readPrivateFile('.auth_token')).toBeNull();
    await state.writePrivateFile('.auth_token', 'one');
    const { ino } = await nodeFs.stat(path);
    await state.writePrivateFile('.auth_token', 'one');
    expect((await nodeFs.stat(path)).ino).toBe(ino);
    await state.writePrivateFile('.auth_token', 'two');
    expect(await state.readPrivateFile('.auth_token')).toBe('two');
    expect(await mode(path)).toBe('600');

    await nodeFs.writeFile(join(folder, 'victim'), 'precious');
    await nodeFs.symlink(join(folder, 'victim'), join(state.path, 'link'));
    await expect(state.readPrivateFile('link')).rejects.toMatchObject({ kind: 'symlink' });
    await expect(state.writePrivateFile('link', 'x')).rejects.toMatchObject({ kind: 'symlink' });
    await nodeFs.writeFile(join(state.path, 'large'), Buffer.alloc(70_000));
    await expect(state.readPrivateFile('large')).rejects.toMatchObject({ kind: 'too-large' });
    for (const name of ['../victim', 'a/b', '..', '', 'a\\b'])
      await expect(Promise.resolve().then(() => state.readPrivateFile(name))).rejects.toThrow('plain name');
  });
});

describe('workspace folders', () => {
  it('W-51: belong to one id on one platform, whatever the id looks like', async () => {
    const { resolve } = home();
    const state = await resolve();
    const folder = await state.workspaceFolder(WORKSPACE);
    expect(folder).toMatch(/\/workspaces\/11111111-2222-4333-8444-555555555555@[0-9a-f]{8}$/);
    expect(await mode(folder)).toBe('700');
    const names = [
      WORKSPACE,
      { ...WORKSPACE, id: '11111111-2222-4333-8444-555555555556' },
      { ...WORKSPACE, platformUrl: 'http://platform.example' },
      { ...WORKSPACE, platformUrl: 'https://platform.example/other' },
      { ...WORKSPACE, id: '../../etc' },
      { ...WORKSPACE, id: 'a/b' },
    ].map(workspaceFolderName);
    expect(new Set(names).size).toBe(names.length);
    expect(names.join('')).not.toMatch(/[/\\]|\.\./);
    expect(workspaceFolderName({ id: WORKSPACE.id, platformUrl: 'HTTPS://Platform.Example:443/' })).toBe(
      names[0],
    );
  });

  it('are forgotten with all that is in them, on one platform or on all', async () => {
    const { resolve } = home();
    const state = await resolve();
    const elsewhere = { ...WORKSPACE, platformUrl: 'https://elsewhere.example' };
    const other = { ...WORKSPACE, id: '11111111-2222-4333-8444-555555555556' };
    const [here, there, kept] = await Promise.all(
      [WORKSPACE, elsewhere, other].map((each) => state.workspaceFolder(each)),
    );
    await nodeFs.mkdir(join(here ?? '', 'files'));
    await nodeFs.writeFile(join(here ?? '', 'files/a'), 'x');
    expect(await state.forgetWorkspace(WORKSPACE.id, WORKSPACE.platformUrl)).toEqual([here]);
    expect(await state.forgetWorkspace(WORKSPACE.id)).toEqual([there]);
    expect(await state.forgetWorkspace(WORKSPACE.id)).toEqual([]);
    expect((await nodeFs.stat(kept ?? '')).isDirectory()).toBe(true);
  });
});

describe("the Python client's cursor", () => {
  async function given(files: Readonly<Record<string, string | Buffer>>) {
    const { logger, resolve } = home();
    const state = await resolve();
    for (const [name, content] of Object.entries(files))
      await nodeFs.writeFile(join(state.path, name), content);
    return { state, logger };
  }

  it('W-52: is found under both names, that of the present mode first', async () => {
    const other = 'dddddddd-0000-4000-8000-000000000001';
    const both = { '.mcp_inbox_cursor': ROW, '.mcp_inbox_cursor_11111111': other };
    const { state } = await given(both);
    expect(await state.readImportedCursor(WORKSPACE.id, 'single')).toMatchObject({ rowId: ROW });
    expect(await state.readImportedCursor(WORKSPACE.id, 'several')).toMatchObject({ rowId: other });
    const alone = await given({ '.mcp_inbox_cursor': `${ROW.toUpperCase()}\n` });
    expect(await alone.state.readImportedCursor(WORKSPACE.id, 'several')).toEqual({
      rowId: ROW,
      path: join(alone.state.path, '.mcp_inbox_cursor'),
    });
    expect(await (await given({})).state.readImportedCursor(WORKSPACE.id, 'single')).toBeNull();
  });

  it.each([
    ['garb', 1],
    ['None', 1],
    [Buffer.from([0xff, 0xfe]), 1],
    ['', 0],
    [' \n', 0],
    [Buffer.alloc(1_000_000, 'a'), 1],
    ['../../../workspaces', 1],
  ])('W-23: %j is discarded with %i line', async (content, lines) => {
    const { state, logger } = await given({ '.mcp_inbox_cursor': content });
    await nodeFs.chmod(join(state.path, '.mcp_inbox_cursor'), 0o600);
    expect(await state.readImportedCursor(WORKSPACE.id, 'single')).toBeNull();
    expect(logger.lines).toHaveLength(lines);
  });
});
