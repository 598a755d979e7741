import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startBridgeProcess } from '../support/bridge-process.ts';
import { useCli } from '../support/cli.ts';
import { sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const cli = useCli();

/** Two workspaces with a message each, one with a file that is staged outside of the state directory. */
async function twoWorkspaces() {
  const platform = await startTestPlatform();
  const workspaces = ['one', 'two'].map((name) => platform.createWorkspace({ name }));
  const [one, two] = workspaces;
  if (!one || !two) throw new Error('no workspaces');
  const home = createTempFolder('home');
  const files = join(home, 'files');
  mkdirSync(files);
  const entries = workspaces.map(({ id, token }) => ({ id, token, platform_url: platform.url }));
  writeFileSync(join(home, 'config.json'), JSON.stringify({ workspaces: entries, poll_secs: 1 }), {
    mode: 0o600,
  });
  const env = { MOLECULE_WORKSPACES: '', MOLECULE_UPLOADS_DIR: files };
  const bridge = await startBridgeProcess(platform, {
    program: cli.path,
    workspaces: [],
    stateFolder: home,
    env,
  });
  await sayAsUser(platform, one, 'with a file', [{ name: 'a.txt', bytes: 'a' }]);
  await sayAsUser(platform, two, 'plain');
  await bridge.holds(2);
  writeFileSync(join(files, 'mine.txt'), 'mine');
  return {
    one,
    two,
    home,
    files,
    bridge,
    kept: () => readdirSync(join(home, 'workspaces')).map((name) => name.split('@')[0]),
    forget: (...args: string[]) => cli.run(['forget', ...args], { env: { HOME: home, CONFIGS_DIR: home } }),
  };
}

describe('molecule-inbox forget', () => {
  it('refuses while a window is at work in it', async () => {
    const { one, forget, kept } = await twoWorkspaces();
    expect(await forget(one.id, '--yes')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('a window is at work'),
    });
    expect(kept()).toHaveLength(2);
  });

  it('removes log, files, entry and token of one workspace, and nothing of another', async () => {
    const { one, two, home, files, bridge, kept, forget } = await twoWorkspaces();
    await bridge.close();
    expect(readdirSync(files)).toHaveLength(2);
    expect(await forget(one.id)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nothing was removed; --yes'),
    });
    expect(kept()).toHaveLength(2);

    const { code, stdout, stderr } = await forget(one.id.toUpperCase(), '--yes');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`/workspaces/${one.id}@`);
    expect(kept()).toEqual([two.id]);
    expect(readdirSync(files)).toEqual(['mine.txt']);
    const config = readFileSync(join(home, 'config.json'), 'utf8');
    expect(config).not.toContain(one.token);
    expect(JSON.parse(config)).toMatchObject({ workspaces: [{ id: two.id }], poll_secs: 1 });
    expect(await forget(one.id)).toMatchObject({ code: 0, stdout: 'Nothing was kept of it.\n' });
  });

  it('writes no configuration where there was none, and wants an id', async () => {
    const home = createTempFolder('home');
    const env = { HOME: home, CONFIGS_DIR: home };
    const id = '6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11';
    expect(await cli.run(['forget', id], { env })).toMatchObject({
      code: 0,
      stdout: 'Nothing was kept of it.\n',
    });
    expect(existsSync(join(home, 'config.json'))).toBe(false);
    for (const args of [[], ['../..'], ['--yes']])
      expect(await cli.run(['forget', ...args], { env })).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('say which'),
      });
  });
});
