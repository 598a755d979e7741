import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBridgeWindow } from '../../support/bridge-window.ts';
import { type Fate, faultyFileSystem } from '../../support/faulty-file-system.ts';
import {
  createPollWorkspace,
  sayAsPeer,
  sayAsUser,
  startTestPlatform,
} from '../../support/local-platform.ts';
import { createTempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

/** Two windows on one state directory, the first of which delivers. */
async function twoWindows() {
  const platform = await startTestPlatform();
  const workspace = await createPollWorkspace(platform);
  const shared = {
    workspaces: [workspace],
    stateFolder: createTempFolder('state'),
    runTimeFolder: createTempFolder('run'),
  };
  const first = await openBridgeWindow(platform, shared);
  await first.stands(({ online }) => online, 'the first window online');
  const second = await openBridgeWindow(platform, shared);
  return { platform, workspace, first, second, shared };
}

describe('several windows with one workspace', () => {
  it('W-15: deliver each message in exactly one window, and say which', async () => {
    const { platform, workspace, first, second } = await twoWindows();
    await sayAsUser(platform, workspace, 'one');
    await first.pushed(1);
    expect(await second.stands(({ waiting }) => waiting === 1, 'the standby knows')).toMatchObject({
      delivery: 'standby',
      phase: 'standing by',
      deliveredBy: { pid: process.pid },
    });
    expect(second.pushes).toEqual([]);
  });

  it('keep a standby silent: it neither registers, beats nor polls', async () => {
    const { platform, first, second } = await twoWindows();
    const registrations = () => platform.requests.matching('POST /registry/register');
    await platform.requests.answered(3, 'GET /workspaces/:id/activity');
    expect(registrations()).toHaveLength(1);
    await first.bridge.stop();
    await second.stands(({ online }) => online, 'the second window online');
    expect(registrations()).toHaveLength(2);
  });

  it('let the standby peek, wait, find, answer and pop through the one that delivers', async () => {
    const { platform, workspace, first, second } = await twoWindows();
    const { inbox, outbox } = second.agent;
    const never = new AbortController().signal;
    const waiting = inbox.wait(20_000, never);
    await sayAsUser(platform, workspace, 'one');
    await sayAsUser(platform, workspace, 'two');
    const message = await waiting;
    expect(message).toMatchObject({ text: 'one' });
    await second.holds(2);
    expect(await second.peek()).toEqual(await first.peek());
    expect(inbox.waiting()).toBe(2);

    const id = message?.activity_id ?? '';
    expect(await inbox.find(id)).toMatchObject({ text: 'one' });
    expect(await inbox.pop(id)).toEqual({ removed: true });
    expect(await inbox.pop(id)).toEqual({ removed: false });
    const [next] = await second.peek();
    const sent = await outbox.sendToUser(
      { message: 'done', attachments: [], replyTo: next?.activity_id ?? '' },
      { signal: never },
    );
    expect(sent.popped).toBe(next?.activity_id);
    expect(await first.peek()).toEqual([]);
  });

  it('W-39: leave alone what a standby has sent up', async () => {
    const { platform, workspace, first, shared } = await twoWindows();
    const folder = createTempFolder('attachments');
    await writeFile(join(folder, 'own.txt'), 'its own words');
    const third = await openBridgeWindow(platform, { ...shared, env: { MOLECULE_ATTACH_ROOTS: folder } });
    await third.agent.outbox.sendToUser(
      { message: 'look', attachments: [join(folder, 'own.txt')] },
      { signal: new AbortController().signal },
    );
    await sayAsUser(platform, workspace, 'thanks');
    const [message] = await first.holds(1);
    expect(message).not.toHaveProperty('attachments');
    expect(platform.requests.matching(({ path }) => path.includes('/pending-uploads/'))).toEqual([]);
  });

  it('move delivery to the window that claims it', async () => {
    const { platform, workspace, first, second } = await twoWindows();
    await sayAsUser(platform, workspace, 'before');
    await first.pushed(1);
    expect(await second.agent.inbox.claim(workspace.id)).toMatchObject({ claimed: true });
    expect((await second.status()).workspaces[0]).toMatchObject({ delivery: 'delivering' });
    await first.stands(({ delivery }) => delivery === 'standby', 'the first stands by');

    await sayAsUser(platform, workspace, 'after');
    const pushes = await second.pushed(2);
    expect(pushes.map(({ content }) => content.split('\n')[1])).toEqual(['before', 'after']);
    expect(pushes.map(({ meta }) => meta.redelivered)).toEqual(['true', undefined]);
    expect(first.pushes).toHaveLength(1);
    expect(await first.texts()).toEqual(['before', 'after']);

    expect(await first.agent.inbox.claim(workspace.id)).toMatchObject({ claimed: true });
    expect(await second.agent.inbox.claim(workspace.id)).toMatchObject({ claimed: true });
    expect(await second.agent.inbox.claim(workspace.id)).toMatchObject({
      claimed: true,
      note: expect.stringContaining('already'),
    });
  });

  it('keep a waiter waiting while delivery changes hands', async () => {
    const { platform, workspace, first, second } = await twoWindows();
    const waiters = [first, second].map(({ agent }) =>
      agent.inbox.wait(20_000, new AbortController().signal),
    );
    await second.agent.inbox.claim(workspace.id);
    await sayAsUser(platform, workspace, 'to both');
    for (const message of await Promise.all(waiters)) expect(message).toMatchObject({ text: 'to both' });
  });

  it('take over when the deliverer stops, without a gap or a repeat', async () => {
    const { platform, workspace, first, second } = await twoWindows();
    await sayAsUser(platform, workspace, 'kept');
    await sayAsUser(platform, workspace, 'popped');
    const [, popped] = await first.holds(2);
    await first.agent.inbox.pop(popped?.activity_id ?? '');
    const stopping = first.bridge.stop();
    await sayAsUser(platform, workspace, 'meanwhile');
    await stopping;
    await second.pushed(2);
    expect(await second.texts()).toEqual(['kept', 'meanwhile']);
  });

  it('deliver different workspaces side by side on one state directory', async () => {
    const platform = await startTestPlatform();
    const [one, other] = [await createPollWorkspace(platform), await createPollWorkspace(platform)] as const;
    const shared = { stateFolder: createTempFolder('state'), runTimeFolder: createTempFolder('run') };
    const first = await openBridgeWindow(platform, { ...shared, workspaces: [one] });
    const second = await openBridgeWindow(platform, { ...shared, workspaces: [other] });
    await sayAsUser(platform, one, 'to one');
    await sayAsUser(platform, other, 'to the other');
    expect((await first.pushed(1))[0]?.content).toContain('to one');
    expect((await second.pushed(1))[0]?.content).toContain('to the other');
  });

  it('join in one inbox what they deliver themselves and what others do, oldest first', async () => {
    const platform = await startTestPlatform();
    const [one, other] = [await createPollWorkspace(platform), await createPollWorkspace(platform)] as const;
    const shared = { stateFolder: createTempFolder('state'), runTimeFolder: createTempFolder('run') };
    const first = await openBridgeWindow(platform, { ...shared, workspaces: [one] });
    await first.stands(({ online }) => online, 'the first window online');
    const both = await openBridgeWindow(platform, { ...shared, workspaces: [one, other] });
    await both.stands(({ delivery }) => delivery === 'standby', 'the second knows');
    for (const [index, workspace] of [one, other, one, other].entries())
      await sayAsUser(platform, workspace, `message ${index}`);

    const messages = await both.holds(4);
    expect(messages.map(({ text }) => text)).toEqual(['message 0', 'message 1', 'message 2', 'message 3']);
    expect(messages.map(({ arrival_workspace_id }) => arrival_workspace_id)).toEqual([
      one.id,
      other.id,
      one.id,
      other.id,
    ]);
    expect((await first.peek())[0]).not.toHaveProperty('arrival_workspace_id');
    const page = await both.agent.inbox.peek({ limit: 2, offset: 1 });
    expect(page).toMatchObject({ total: 4, has_more: true });
    expect(page.messages.map(({ text }) => text)).toEqual(['message 1', 'message 2']);
    await until(() => both.pushes.length === 2, 'pushes of the own workspace only');
    expect(await first.pushed(2)).toHaveLength(2);
  });

  it('name the one whose messages cannot be asked for, beside those of the others', async () => {
    const platform = await startTestPlatform();
    const [one, other] = [await createPollWorkspace(platform), await createPollWorkspace(platform)] as const;
    const { fs } = faultyFileSystem(
      ({ path }): Fate => (path.includes(other.id) ? { refuse: 'EROFS' } : 'done'),
    );
    const window = await openBridgeWindow(platform, { workspaces: [one, other], fs });
    await sayAsUser(platform, one, 'still here');
    await window.holds(1);
    const page = await window.agent.inbox.peek({ limit: 10 });
    expect(page).toMatchObject({ total: 1, messages: [{ text: 'still here' }] });
    expect(page.failures).toEqual([
      { workspaceId: other.id, reason: expect.stringMatching(/cannot be used at present: .*read-only/i) },
    ]);
  });

  it('do not let a window without an inbox take the turn', async () => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    const shared = {
      workspaces: [workspace],
      stateFolder: createTempFolder('state'),
      runTimeFolder: createTempFolder('run'),
    };
    const deaf = await openBridgeWindow(platform, { ...shared, env: { MOLECULE_MCP_DISABLE_INBOX: '1' } });
    await deaf.stands(({ online }) => online, 'the deaf window online');
    const hearing = await openBridgeWindow(platform, shared);
    const peer = await createPollWorkspace(platform, 'peer');
    await sayAsPeer(platform, peer, workspace, 'heard');
    await hearing.pushed(1);
    expect(deaf.pushes).toEqual([]);
  });
});
