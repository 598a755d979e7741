import { describe, expect, it } from 'vitest';
import { mcpPair } from '../../support/mcp-pair.ts';
import { until } from '../../support/until.ts';

/** The JSON that a resource holds. */
function jsonOf(result: { contents: readonly object[] }): unknown {
  const [content] = result.contents as { mimeType?: string; text: string }[];
  expect(content?.mimeType).toBe('application/json');
  return JSON.parse(content?.text ?? '');
}

describe('resources', () => {
  it('are the inbox, its status and each message', async () => {
    const { client } = await mcpPair();
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual([
      'inbox://messages',
      'inbox://status',
    ]);
    expect(
      (await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate),
    ).toEqual(['inbox://messages/{activity_id}']);
  });

  it('show what waits', async () => {
    const { client, agent } = await mcpPair();
    const message = agent.arrive({ text: 'hello' });
    const page = await client.readResource({ uri: 'inbox://messages' });
    expect(jsonOf(page)).toEqual({ messages: [message], total: 1, has_more: false });
    const one = await client.readResource({ uri: `inbox://messages/${message.activity_id}` });
    expect(jsonOf(one)).toEqual(message);
    const status = await client.readResource({ uri: 'inbox://status' });
    expect(jsonOf(status)).toEqual(await agent.inbox.status());
  });

  it.each([
    'inbox://messages/none',
    'inbox://messages/',
    'inbox://messages/%',
    'inbox://',
    'file:///etc/passwd',
  ])('%s is not found', async (uri) => {
    const { client } = await mcpPair();
    await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32002 });
  });

  it('tell subscribers of changes, many at once in one notification each', async () => {
    const { server, client, agent, notifications } = await mcpPair();
    await server.initialized;
    const { activity_id } = agent.arrive({});
    await client.subscribeResource({ uri: 'inbox://messages' });
    await client.subscribeResource({ uri: `inbox://messages/${activity_id}` });
    for (let times = 0; times < 100; times += 1) server.inboxChanged([activity_id]);
    await until(() => notifications.length >= 2, 'both notifications');
    await client.unsubscribeResource({ uri: 'inbox://messages' });
    server.inboxChanged(['another']);
    server.inboxChanged([activity_id]);
    await until(() => notifications.length >= 3, 'one more');
    await client.ping();
    expect(notifications.map(({ method, params }) => [method, params?.uri])).toEqual([
      ['notifications/resources/updated', 'inbox://messages'],
      ['notifications/resources/updated', `inbox://messages/${activity_id}`],
      ['notifications/resources/updated', `inbox://messages/${activity_id}`],
    ]);
  });

  it('cannot be subscribed to when they cannot exist', async () => {
    const { client } = await mcpPair();
    await expect(client.subscribeResource({ uri: 'inbox://nothing' })).rejects.toMatchObject({
      code: -32002,
    });
  });

  it('say why when there is no inbox', async () => {
    const { client, agent } = await mcpPair();
    agent.inboxDisabledBecause('MOLECULE_MCP_DISABLE_INBOX is set');
    await expect(client.readResource({ uri: 'inbox://messages' })).rejects.toThrow(
      'MOLECULE_MCP_DISABLE_INBOX',
    );
  });
});

describe('the prompt', () => {
  it('works through the inbox, of one workspace if asked', async () => {
    const { client } = await mcpPair();
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(['work_through_inbox']);
    const all = JSON.stringify((await client.getPrompt({ name: 'work_through_inbox' })).messages);
    for (const tool of ['inbox_peek', 'inbox_pop', 'send_message_to_user', 'delegate_task', 'reply_to']) {
      expect(all).toContain(tool);
    }
    const one = await client.getPrompt({ name: 'work_through_inbox', arguments: { workspace_id: 'w-1' } });
    expect(JSON.stringify(one.messages)).toContain('w-1');
  });

  it('is refused under another name', async () => {
    const { client } = await mcpPair();
    await expect(client.getPrompt({ name: 'other' })).rejects.toMatchObject({ code: -32602 });
  });
});
