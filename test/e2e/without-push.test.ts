import { describe, expect, it } from 'vitest';
import type { InboxMessage } from '../../src/domain/message.ts';
import { startBridgeProcess } from '../support/bridge-process.ts';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { until } from '../support/until.ts';

/** A bridge and a host that shows no channels, with what that is told without asking. */
async function startWithoutPush(env: Readonly<Record<string, string>> = {}) {
  const platform = await startTestPlatform();
  const workspace = await createPollWorkspace(platform);
  const bridge = await startBridgeProcess(platform, { workspaces: [workspace], env });
  const told: { method: string; params?: Record<string, unknown> }[] = [];
  bridge.client.fallbackNotificationHandler = async (notification) => {
    told.push(notification as (typeof told)[number]);
  };
  const updates = (uri: string) =>
    told.filter(({ method, params }) => method === 'notifications/resources/updated' && params?.uri === uri);
  /** Reads a message as a resource. */
  const read = async (uri: string) => {
    const { contents } = await bridge.client.readResource({ uri });
    return JSON.parse((contents[0] as { text: string }).text) as InboxMessage;
  };
  return { platform, workspace, bridge, told, updates, read };
}

describe('a host without push', () => {
  it('hears that a message arrived, that its file came, and that it is gone, of what it subscribed to', async () => {
    const { platform, workspace, bridge, updates, read } = await startWithoutPush({
      MOLECULE_UPLOAD_DEADLINE_SECS: '0.1',
    });
    const inbox = 'inbox://messages';
    await bridge.client.subscribeResource({ uri: inbox });
    const content = platform.faults.hold('GET /workspaces/:id/pending-uploads/:fileId/content');
    await sayAsUser(platform, workspace, 'with a file', [{ name: 'a.txt', bytes: 'a' }]);
    await until(() => updates(inbox).length > 0, 'news of the inbox');
    const [message] = await bridge.holds(1);
    expect(message?.attachments?.[0]?.status).toBe('pending');

    const uri = `${inbox}/${message?.activity_id}`;
    await bridge.client.subscribeResource({ uri });
    content.release();
    await until(() => updates(uri).length > 0, 'news of the message');
    expect((await read(uri)).attachments?.[0]?.status).toBe('staged');

    const before = updates(uri).length;
    await bridge.pop(message?.activity_id ?? '');
    await until(() => updates(uri).length > before, 'news that it is gone');
    await expect(read(uri)).rejects.toThrow('not found');

    await sayAsUser(platform, workspace, 'another');
    const known = updates(uri).length;
    await bridge.holds(1);
    await bridge.client.ping();
    expect(updates(uri)).toHaveLength(known);
  });

  it('hears in its log that messages wait, none of their words, and what is wrong', async () => {
    const { platform, workspace, bridge, told } = await startWithoutPush();
    const lines = () =>
      told.flatMap(({ method, params }) =>
        method === 'notifications/message' ? [`${params?.level}: ${params?.data}`] : [],
      );
    await sayAsUser(platform, workspace, 'a private matter');
    await until(() => lines().includes('info: 1 message waits in the inbox (inbox_peek)'), 'a line of it');
    const asked = lines().length;
    await bridge.client.setLoggingLevel('warning');
    await sayAsUser(platform, workspace, 'another private matter');
    await bridge.holds(2);
    await bridge.client.ping();
    expect(lines()).toHaveLength(asked);

    platform.revokeTokens(workspace.id);
    platform.issueToken(workspace.id);
    await until(() => lines().some((line) => /^(warning|error): .*token/.test(line)), 'a line of the token');
    expect(lines().join('\n')).not.toContain('private');
  });

  it('is offered a prompt that works through the inbox, by which the tools it names are there', async () => {
    const { bridge } = await startWithoutPush();
    const { messages } = await bridge.client.getPrompt({ name: 'work_through_inbox' });
    const tools = (await bridge.client.listTools()).tools.map(({ name }) => name);
    const named = JSON.stringify(messages).match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? [];
    const called = named.filter((word) => /^(inbox|send|delegate)_/.test(word));
    expect(called.length).toBeGreaterThan(3);
    expect(called.filter((name) => !tools.includes(name))).toEqual([]);
  });
});
