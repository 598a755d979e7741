import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { startBridgeProcess } from '../support/bridge-process.ts';
import { createPollWorkspace, sayAsPeer, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { until } from '../support/until.ts';

/** A platform, one workspace on it, and the bridge in a process of its own. */
async function start() {
  const platform = await startTestPlatform();
  const workspace = await createPollWorkspace(platform);
  const bridge = await startBridgeProcess(platform, { workspaces: [workspace] });
  return { platform, workspace, bridge };
}

describe('the main job, over real HTTP and real stdio', () => {
  it('brings a message to the agent, once, and the answer to the user', async () => {
    const { platform, workspace, bridge } = await start();
    await sayAsUser(platform, workspace, 'hello there');

    const [push] = await bridge.pushed(1);
    expect(push?.content).toContain('hello there');
    const [message] = await bridge.holds(1);
    expect(message).toMatchObject({
      text: 'hello there',
      kind: 'canvas_user',
      peer_id: '',
      method: 'message/send',
    });
    expect(push?.meta).toMatchObject({
      source: 'molecule',
      kind: 'canvas_user',
      activity_id: message?.activity_id,
    });
    expect(message).not.toHaveProperty('arrival_workspace_id');

    await bridge.call('send_message_to_user', { message: 'hello, user' });
    expect(await bridge.pop(message?.activity_id ?? '')).toBe(true);
    expect(await bridge.pop(message?.activity_id ?? '')).toBe(false);
    expect(await bridge.peek()).toEqual([]);
    expect(platform.rows(workspace.id).at(-1)).toMatchObject({
      method: 'notify',
      response_body: { result: 'hello, user' },
    });
    expect(bridge.pushes).toHaveLength(1);
  });

  it('brings both files of a message onto the disk before the message', async () => {
    const { platform, workspace, bridge } = await start();
    const files = [
      { name: 'alpha.txt', bytes: 'first file' },
      { name: 'täbelle 2.csv', bytes: new Uint8Array(100_000).fill(7), type: 'text/csv' },
    ];
    await sayAsUser(platform, workspace, 'two files', files);

    const [push] = await bridge.pushed(1);
    const [message] = await bridge.holds(1);
    const attachments = message?.attachments ?? [];
    expect(attachments.map(({ status, name }) => [status, name])).toEqual([
      ['staged', 'alpha.txt'],
      ['staged', 't_belle_2.csv'],
    ]);
    for (const [index, attachment] of attachments.entries()) {
      expect(await readFile(attachment.path ?? '')).toEqual(Buffer.from(files[index]?.bytes ?? ''));
      expect(push?.content).toContain(attachment.path);
    }
    const acknowledged = await platform.requests.answered(
      2,
      ({ path }) => path.includes('/pending-uploads/') && path.endsWith('/ack'),
    );
    expect(acknowledged.map(({ status }) => status)).toEqual([200, 200]);
  });

  it('skips its own echoes, and moves the cursor over a batch of nothing else', async () => {
    const { platform, workspace, bridge } = await start();
    await bridge.call('send_message_to_user', { message: 'one' });
    await bridge.call('send_message_to_user', { message: 'two' });
    const echo = platform.rows(workspace.id).at(-1)?.id;
    await platform.requests.next(({ query }) => query.get('since_id') === echo);

    await sayAsUser(platform, workspace, 'after the echoes');
    expect((await bridge.holds(1)).map(({ text }) => text)).toEqual(['after the echoes']);
    expect(await bridge.pushed(1)).toHaveLength(1);
  });

  it("brings a peer's message, and the answer to the peer", async () => {
    const { platform, workspace, bridge } = await start();
    const peer = await createPollWorkspace(platform, 'reviewer');
    await sayAsPeer(platform, peer, workspace, 'please review');

    const [message] = await bridge.holds(1);
    expect(message).toMatchObject({ kind: 'peer_agent', peer_id: peer.id, text: 'please review' });
    const reply = await bridge.call<{ status: string }>('delegate_task', {
      workspace_id: peer.id,
      task: 'reviewed',
    });
    expect(reply.status).toBe('accepted');
    await until(
      () => platform.rows(peer.id).some((row) => JSON.stringify(row).includes('reviewed')),
      'the answer at the peer',
    );
  });

  it('answers by name, and thereby pops', async () => {
    const { platform, workspace, bridge } = await start();
    await sayAsUser(platform, workspace, 'question');
    const [message] = await bridge.holds(1);
    await bridge.call('send_message_to_user', { message: 'answer', reply_to: message?.activity_id });
    expect(await bridge.peek()).toEqual([]);
  });

  it('waits for a message without popping it, and says so when none comes', async () => {
    const { platform, workspace, bridge } = await start();
    expect(await bridge.call('wait_for_message', { timeout_secs: 0.1 })).toMatchObject({
      timeout: true,
      timeout_secs: 0.1,
    });
    const waiting = bridge.call<{ text: string }>('wait_for_message', { timeout_secs: 20 });
    await sayAsUser(platform, workspace, 'at last');
    expect(await waiting).toMatchObject({ text: 'at last' });
    expect(await bridge.peek()).toHaveLength(1);
  });

  it('registers, beats, and shows the workspace online', async () => {
    const { platform, workspace } = await start();
    await platform.requests.answered(1, 'POST /registry/heartbeat');
    expect(platform.workspace(workspace.id)).toMatchObject({ status: 'online', deliveryMode: 'poll' });
  });
});
