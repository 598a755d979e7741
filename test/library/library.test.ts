import { describe, expect, it, onTestFinished } from 'vitest';
import type { InboxMessage } from '../../src/index.ts';
import * as library from '../../src/index.ts';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';

async function start(folder = createTempFolder('library')) {
  const platform = await startTestPlatform();
  const workspace = await createPollWorkspace(platform);
  const logger = recordingLogger();
  const bridge = library.createBridge({
    workspaces: [{ id: workspace.id, token: workspace.token, platformUrl: platform.url }],
    settings: { CONFIGS_DIR: folder, MOLECULE_POLL_SECS: '0.2', MOLECULE_SAFETY_POLL_SECS: '0.2' },
    logger,
  });
  onTestFinished(() => bridge.stop());
  return { platform, workspace, bridge, logger };
}

describe('the library', () => {
  it('exports these names and no others', () => {
    expect(Object.keys(library)).toEqual(['createBridge']);
  });

  it('hands over each message, and forgets it when it is popped', async () => {
    const { platform, workspace, bridge } = await start();
    const messages: InboxMessage[] = [];
    bridge.messages$.subscribe((message) => messages.push(message));
    await bridge.start();
    await sayAsUser(platform, workspace, 'one');
    await sayAsUser(platform, workspace, 'two', [{ name: 'a.txt', bytes: 'bytes' }]);
    await until(() => messages.length === 2, 'two messages');

    expect(messages.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(messages[1]?.attachments).toMatchObject([{ status: 'staged', size: 5 }]);
    expect(bridge.peek().messages).toEqual(messages);
    expect(await bridge.pop(messages[0]?.activity_id ?? '')).toBe(true);
    expect(bridge.peek()).toMatchObject({ total: 1, has_more: false });
  });

  it('is not harmed by a subscriber that throws', async () => {
    const { platform, workspace, bridge, logger } = await start();
    const heard: string[] = [];
    bridge.messages$.subscribe(() => {
      throw new Error('a clumsy subscriber');
    });
    bridge.messages$.subscribe(async () => Promise.reject(new Error('a clumsy promise')));
    bridge.messages$.subscribe(({ text }) => heard.push(text));
    await bridge.start();
    await sayAsUser(platform, workspace, 'one');
    await sayAsUser(platform, workspace, 'two');
    await until(() => heard.length === 2, 'both messages');
    expect(bridge.peek().total).toBe(2);
    expect(logger.lines.filter((line) => line.includes('clumsy subscriber'))).toHaveLength(2);
    expect(logger.lines.filter((line) => line.includes('clumsy promise'))).toHaveLength(2);
  });

  it('stops when its signal is aborted: no further request', async () => {
    const { platform, bridge } = await start();
    const controller = new AbortController();
    await bridge.start({ signal: controller.signal });
    await platform.requests.answered(1, 'GET /workspaces/:id/activity');
    controller.abort();
    await bridge.stop();
    const seen = platform.requests.seen.length;
    await fetch(`${platform.url}/health`);
    expect(platform.requests.seen.length).toBe(seen + 1);
  });

  it('can be stopped while it starts: nothing runs on', async () => {
    const { platform, bridge } = await start();
    const starting = bridge.start();
    await bridge.stop();
    await starting.catch(() => {});
    const seen = platform.requests.seen.length;
    await fetch(`${platform.url}/health`);
    expect(platform.requests.seen.length).toBe(seen + 1);
    await expect(bridge.start()).rejects.toThrow('already');
  });

  it('says what can never work', async () => {
    const bridge = library.createBridge({
      workspaces: [{ id: 'x', token: 'a b', platformUrl: 'ftp://x' }],
      settings: { CONFIGS_DIR: createTempFolder('library') },
    });
    await expect(bridge.start()).rejects.toThrow(/\[0\]\.id is not a UUID[\s\S]*white space[\s\S]*http/);
  });
});
