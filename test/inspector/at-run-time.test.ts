import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildPages } from '../../scripts/build-pages.mjs';
import { inboxOf } from '../../src/replay/digest.ts';
import { play } from '../../src/replay/play.ts';
import { readSource } from '../../src/replay/read-source.ts';
import { startBridgeProcess } from '../support/bridge-process.ts';
import { useCli } from '../support/cli.ts';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

const cli = useCli();
beforeAll(() => buildPages(join(dirname(cli.path), 'pages')));

interface Watched {
  readonly recordings: readonly string[];
  readonly user_recording: string | null;
  readonly ended: readonly { readonly path: string; readonly reason: string }[];
  readonly inspector_url: string | null;
  readonly stately_url: string | null;
}

async function start(names: readonly string[] = ['only'], env: Record<string, string> = {}) {
  const platform = await startTestPlatform();
  const workspaces = await Promise.all(names.map((name) => createPollWorkspace(platform, name)));
  const bridge = await startBridgeProcess(platform, { workspaces, program: cli.path, env });
  const watch = (args: Record<string, unknown> = {}) => bridge.call<Watched>('inbox_watch', args);
  const [workspace] = workspaces;
  if (!workspace) throw new Error('no workspace');
  return { platform, workspaces, workspace, bridge, watch };
}

async function inboxesOf(paths: readonly string[]): Promise<string[][]> {
  const sources = (await Promise.all(paths.map(readSource))).flat();
  const runs = await Promise.all(sources.map((source) => play(source)));
  return runs.map((run) => inboxOf(run).map(({ text }) => text));
}

describe('inbox_watch', () => {
  it('records from now on, replays to the inbox, and is ended without a restart', async () => {
    const { platform, workspace, bridge, watch } = await start();
    await sayAsUser(platform, workspace, 'before');
    await bridge.holds(1);
    const { recordings } = await watch({ record: true, with_text: true });
    const [path = ''] = recordings;
    await sayAsUser(platform, workspace, 'while', [{ name: 'a.txt', bytes: 'a' }]);
    await bridge.holds(2);
    expect(await watch()).toMatchObject({ recordings, user_recording: null, inspector_url: null });
    expect(await watch({ record: false })).toMatchObject({ recordings: [] });
    await sayAsUser(platform, workspace, 'after');
    await bridge.holds(3);

    expect(await inboxesOf([path])).toEqual([['before', 'while']]);
    expect(path.startsWith(join(bridge.stateFolder, 'workspaces', workspace.id))).toBe(true);
    if (process.platform !== 'win32') {
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    }
    expect(readFileSync(path, 'utf8')).not.toContain(workspace.token);
  });

  it('leaves text out unless asked for, and where the user wants none, in any case', async () => {
    const { platform, workspace, bridge, watch } = await start();
    const [shy = ''] = (await watch({ record: true })).recordings;
    await sayAsUser(platform, workspace, 'between us');
    await bridge.holds(1);
    await watch({ record: false });
    expect(readFileSync(shy, 'utf8')).toContain('message.received');
    expect(readFileSync(shy, 'utf8')).not.toContain('between us');

    const strict = await start(['only'], { MOLECULE_RECORD_REDACT_TEXT: '1' });
    const [path = ''] = (await strict.watch({ record: true, with_text: true })).recordings;
    await sayAsUser(strict.platform, strict.workspace, 'between us');
    await strict.bridge.holds(1);
    await strict.watch({ record: false });
    expect(readFileSync(path, 'utf8')).not.toContain('between us');
  });

  it('writes each workspace into its own folder and nothing over, so that forget removes it', async () => {
    const { platform, workspaces, bridge, watch } = await start(['one', 'two']);
    const first = (await watch({ record: true, with_text: true })).recordings;
    const second = (await watch({ record: true, with_text: true })).recordings;
    expect(new Set([...first, ...second]).size).toBe(4);
    for (const [index, workspace] of workspaces.entries())
      await sayAsUser(platform, workspace, `to ${index}`);
    await bridge.holds(2);
    await watch({ record: false });
    expect(await inboxesOf(second)).toEqual([['to 0'], ['to 1']]);
    const [one, two] = workspaces.map(({ id }) => second.filter((path) => path.includes(id)));
    expect([one?.length, two?.length]).toEqual([1, 1]);
    await bridge.close();

    const env = { HOME: bridge.stateFolder, CONFIGS_DIR: bridge.stateFolder };
    expect(await cli.run(['forget', workspaces[0]?.id ?? '', '--yes'], { env })).toMatchObject({ code: 0 });
    expect(existsSync(one?.[0] ?? '')).toBe(false);
    expect(existsSync(two?.[0] ?? '')).toBe(true);
  });

  it('takes no path from the agent', async () => {
    const { bridge, watch } = await start();
    const mine = join(bridge.stateFolder, 'mine');
    expect(await bridge.refusal('inbox_watch', { record: mine })).toContain('record');
    const { recordings } = await watch({ record: true, path: mine, file: mine, name: '../../mine' });
    expect(existsSync(mine)).toBe(false);
    expect(recordings[0]).toMatch(/recordings[/\\][0-9T-]+\.ndjson$/);
  });

  it('ends nothing that the user has started by hand, and leads it nowhere else', async () => {
    const own = join(createTempFolder('mine'), 'mine.ndjson');
    const env = { MOLECULE_RECORD: own, MOLECULE_INSPECT: '1' };
    const { platform, workspace, bridge, watch } = await start(['only'], env);
    const running = await watch();
    expect(running).toMatchObject({ recordings: [], user_recording: own });
    expect((await fetch(running.inspector_url ?? '')).status).toBe(200);

    const begun = await watch({ record: true, inspect: true, with_text: true });
    expect(begun).toMatchObject({ user_recording: own, inspector_url: running.inspector_url });
    expect(begun.recordings).toHaveLength(1);
    const { content } = await bridge.client.callTool({
      name: 'inbox_watch',
      arguments: { record: false, inspect: false },
    });
    expect(JSON.stringify(content)).toMatch(/only your user ends that.*only your user ends it/);
    expect(await watch()).toMatchObject({
      recordings: [],
      user_recording: own,
      inspector_url: running.inspector_url,
    });
    expect((await fetch(running.inspector_url ?? '')).status).toBe(200);

    await sayAsUser(platform, workspace, 'still seen');
    await bridge.holds(1);
    await bridge.close();
    expect(await inboxesOf([own])).toEqual([['still seen']]);
  });

  it('says that a recording has grown as large as it may, and so does inbox_status', async () => {
    const own = join(createTempFolder('mine'), 'mine.ndjson');
    const env = { MOLECULE_RECORD: own, MOLECULE_RECORD_MAX_BYTES: '65536' };
    const { platform, workspace, bridge, watch } = await start(['only'], env);
    const [path = ''] = (await watch({ record: true, with_text: true })).recordings;
    let spoken = 0;
    const ended = async () => {
      spoken += 1;
      await sayAsUser(platform, workspace, 'as long as it may be '.repeat(500));
      const said = await watch();
      return said.ended.length === 2 ? said : null;
    };
    const said = await until(ended, 'both recordings have ended');
    expect(said).toMatchObject({ recordings: [], user_recording: null });
    expect(said.ended.map((recording) => recording.path)).toEqual([own, path]);
    for (const { reason } of said.ended) expect(reason).toContain('MOLECULE_RECORD_MAX_BYTES');
    const status = await bridge.call<{ recordingsEnded: unknown }>('inbox_status');
    expect(status.recordingsEnded).toEqual(said.ended);
    for (const recording of [own, path]) {
      expect(bridge.stderr.join('\n')).toContain(`${recording}: the recording ends here`);
      expect(statSync(recording).size).toBeLessThanOrEqual(65_536);
      const [inbox] = await inboxesOf([recording]);
      expect(inbox?.length).toBeGreaterThan(0);
    }
    // What comes next is recorded anew, beginning with what still waits.
    await until(async () => (await bridge.status()).waiting === spoken, 'all messages');
    for (let left = await bridge.peek(); left.length > 0; left = await bridge.peek())
      for (const { activity_id } of left) await bridge.pop(activity_id);
    expect((await watch({ record: true })).recordings).toHaveLength(1);
  });

  it('serves the inspector and ends it, and says in words why it cannot', async () => {
    const { bridge, watch } = await start();
    const { inspector_url: url, stately_url } = await watch({ inspect: true });
    expect(stately_url).toBe(`${url}stately`);
    expect((await fetch(url ?? '')).status).toBe(200);
    expect(await watch({ inspect: false })).toMatchObject({ inspector_url: null });
    await expect(fetch(url ?? '')).rejects.toThrow();

    const taken = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => {
      taken.close();
    });
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    const second = await start(['only'], { MOLECULE_INSPECT_PORT: port });
    expect(await second.bridge.refusal('inbox_watch', { inspect: true })).toContain('EADDRINUSE');
    expect(bridge.stderr.join('\n')).toContain(`inspector: ${url}`);
  });
});

describe('--inspect', () => {
  it('takes the port that it is told', async () => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    const home = createTempFolder('home');
    const child = spawn(process.execPath, [cli.path, `--inspect=${port}`], {
      env: {
        PATH: process.env.PATH ?? '',
        HOME: home,
        CONFIGS_DIR: home,
        PLATFORM_URL: platform.url,
        WORKSPACE_ID: workspace.id,
        MOLECULE_WORKSPACE_TOKEN: workspace.token,
      },
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    onTestFinished(async () => {
      child.stdin.end();
      await once(child, 'exit');
    });
    const url = await until(() => /inspector: (\S+)/.exec(said)?.[1], 'the inspector’s URL');
    expect(new URL(url).host).toBe(`127.0.0.1:${port}`);
    expect((await fetch(url)).status).toBe(200);
  });
});
