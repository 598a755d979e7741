import * as nodeFs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workspaceFolderName } from '../../adapters/state-directory/state-directory.ts';
import { openBridgeWindow } from '../support/bridge-window.ts';
import { type Fate, faultyFileSystem } from '../support/faulty-file-system.ts';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

/** A window over a disk that refuses everything while it is told to. */
async function onADisk(refusing = { code: null as string | null }) {
  const platform = await startTestPlatform();
  const workspace = await createPollWorkspace(platform);
  const stateFolder = createTempFolder('state');
  const { fs } = faultyFileSystem(({ path }): Fate => {
    const { code } = refusing;
    return code !== null && path.startsWith(stateFolder) ? { refuse: code } : 'done';
  });
  const options = { workspaces: [workspace], stateFolder, fs, env: { MOLECULE_HEARTBEAT_SECS: '0.1' } };
  return { platform, workspace, refusing, options };
}

const beats = 'POST /registry/heartbeat';

describe('a disk that refuses', () => {
  it.each(['ENOSPC', 'EROFS'])(
    'stops the feed and no heartbeat (%s), says so, and heals by itself',
    async (code) => {
      const { platform, workspace, refusing, options } = await onADisk();
      const window = await openBridgeWindow(platform, options);
      await sayAsUser(platform, workspace, 'kept');
      const [kept] = await window.holds(1);

      refusing.code = code;
      await sayAsUser(platform, workspace, 'not yet');
      await window.stands(({ phase }) => phase.includes('the log cannot be written'), 'the feed paused');
      expect(window.logger.lines.join('\n')).toMatch(code === 'ENOSPC' ? /full|no space/i : /read-only/i);
      await platform.requests.nextAnswered(beats);
      await platform.requests.nextAnswered(beats);
      const status = (await window.status()).workspaces[0];
      expect(status).toMatchObject({ online: true, waiting: 1 });
      expect(await window.texts()).toEqual(['kept']);

      const refusal = await window.agent.inbox.pop(kept?.activity_id ?? '').catch((error: unknown) => error);
      expect(refusal).toMatchObject({
        name: 'AgentError',
        advice: expect.stringContaining('inbox_pop again'),
      });
      expect(await window.texts()).toEqual(['kept']);

      refusing.code = null;
      expect(await window.agent.inbox.pop(kept?.activity_id ?? '')).toEqual({ removed: true });
      expect((await window.holds(1)).map(({ text }) => text)).toEqual(['not yet']);
      await window.stands(({ phase }) => phase === 'online', 'online without a remark');
    },
  );

  it('lets a start on it beat, peek at what is durable, and take up the rest when it works', async () => {
    const { platform, workspace, refusing, options } = await onADisk();
    const before = await openBridgeWindow(platform, options);
    await sayAsUser(platform, workspace, 'durable');
    await before.holds(1);
    await before.bridge.stop();

    refusing.code = 'EROFS';
    const window = await openBridgeWindow(platform, options);
    await sayAsUser(platform, workspace, 'new');
    await platform.requests.nextAnswered(beats);
    expect(await window.texts()).toEqual(['durable']);
    expect(window.pushes).toEqual([]);
    refusing.code = null;
    expect((await window.holds(2)).map(({ text }) => text)).toEqual(['durable', 'new']);
    expect((await window.pushed(2)).map(({ meta }) => meta.redelivered)).toEqual(['true', undefined]);
  });

  it('lets a first start on it beat, and say what is wrong', async () => {
    const { platform, workspace, refusing, options } = await onADisk({ code: 'EROFS' });
    const window = await openBridgeWindow(platform, options);
    await platform.requests.nextAnswered(beats);
    const status = await window.stands(({ lastError }) => lastError !== null, 'the reason in the status');
    expect(status.phase).toContain('the log cannot be written');
    const refusal = await window.agent.inbox.peek({ limit: 1 }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'AgentError', message: expect.stringContaining(workspace.id) });

    refusing.code = null;
    await sayAsUser(platform, workspace, 'hello');
    await until(async () => (await window.texts().catch(() => [])).length === 1, 'the log is opened', 15_000);
  });

  it('W-45: starts nothing anew over a damaged log, and goes on beating', async () => {
    const { platform, workspace, options } = await onADisk();
    const before = await openBridgeWindow(platform, options);
    for (const text of ['one', 'two', 'three']) await sayAsUser(platform, workspace, text);
    await before.holds(3);
    await before.bridge.stop();
    const folder = join(
      options.stateFolder,
      'workspaces',
      workspaceFolderName({ id: workspace.id, platformUrl: platform.url }),
    );
    const path = join(folder, 'events.jsonl');
    const text = await nodeFs.readFile(path, 'utf8');
    const damaged = text.replace('"one"', '"One"');
    await nodeFs.writeFile(path, damaged);
    await nodeFs.rm(join(folder, 'snapshot.json'), { force: true });

    const window = await openBridgeWindow(platform, options);
    await platform.requests.nextAnswered(beats);
    const { lastError } = await window.stands(
      ({ lastError }) => lastError !== null,
      'the reason in the status',
    );
    expect(lastError).toContain('events.jsonl');
    expect(await nodeFs.readFile(path, 'utf8')).toBe(damaged);

    await nodeFs.writeFile(path, text);
    await until(
      async () => (await window.texts().catch(() => [])).length === 3,
      'mended, it is taken up',
      15_000,
    );
  });
});
