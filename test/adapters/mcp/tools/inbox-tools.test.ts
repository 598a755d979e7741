import { describe, expect, it } from 'vitest';
import { mcpPair } from '../../../support/mcp-pair.ts';
import { OWN_WORKSPACE, PEER } from '../../../support/memory-agent.ts';
import { toolTexts } from '../../../support/tool-texts.ts';
import { until } from '../../../support/until.ts';

describe('wait_for_message', () => {
  it('returns the oldest message at once and leaves it', async () => {
    const { client, agent } = await mcpPair();
    const first = agent.arrive({ text: 'first' });
    agent.arrive({ text: 'second' });
    const result = await client.callTool({ name: 'wait_for_message', arguments: { timeout_secs: 5 } });
    expect(result.structuredContent).toEqual(first);
    expect(toolTexts(result).join('\n')).toContain('first');
    expect(toolTexts(result).join('\n')).toContain(first.activity_id);
    expect(toolTexts(result).join('\n')).toContain('2 messages wait');
    expect(agent.inbox.waiting()).toBe(2);
  });

  it('waits for one to arrive, while other calls are answered (W-19)', async () => {
    const { client, agent } = await mcpPair();
    const waiting = client.callTool({ name: 'wait_for_message', arguments: { timeout_secs: 30 } });
    await client.listTools();
    await client.callTool({ name: 'inbox_peek', arguments: {} });
    const message = agent.arrive({ text: 'at last' });
    expect((await waiting).structuredContent).toEqual(message);
  });

  it.each([
    ['0', 0, {}],
    [0.05, 0.05, {}],
    [-3, 0, {}],
    ['300', 0.1, { requested: 300 }],
    [undefined, 0.1, {}],
    ['soon', 0.1, {}],
    [null, 0.1, {}],
  ])('timeout_secs %j waits %d s at most', async (asked, timeoutSecs, more) => {
    const { client } = await mcpPair({ limits: { maxWaitSecs: 0.1 } });
    const result = await client.callTool({ name: 'wait_for_message', arguments: { timeout_secs: asked } });
    expect(result.structuredContent).toEqual({ timeout: true, timeout_secs: timeoutSecs, ...more });
    expect(result.isError).toBeUndefined();
  });

  it('waits longer for a host that asked for progress, and reports it', async () => {
    const { client, agent } = await mcpPair({
      limits: { maxWaitSecs: 0.01, maxWaitWithProgressSecs: 20, progressEveryMs: 10 },
    });
    const steps: number[] = [];
    const waiting = client.callTool(
      { name: 'wait_for_message', arguments: { timeout_secs: 600 } },
      undefined,
      {
        onprogress: ({ progress }) => steps.push(progress),
      },
    );
    await until(() => steps.length >= 3, 'three steps of progress');
    const message = agent.arrive({});
    expect((await waiting).structuredContent).toEqual(message);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
  });

  it('ends when the host cancels, and the server goes on', async () => {
    const { client, agent } = await mcpPair();
    let ended = false;
    const wait = agent.inbox.wait;
    Object.assign(agent.inbox, {
      wait: async (ms: number, signal: AbortSignal) => {
        const message = await wait(ms, signal);
        ended = signal.aborted;
        return message;
      },
    });
    const cancel = new AbortController();
    const waiting = client.callTool({ name: 'wait_for_message', arguments: {} }, undefined, {
      signal: cancel.signal,
    });
    cancel.abort('enough');
    await expect(waiting).rejects.toThrow('enough');
    await until(() => ended, 'the wait ends');
    await client.ping();
  });
});

describe('inbox_peek', () => {
  it('pages from the oldest on and says how many there are (W-69)', async () => {
    const { client, agent } = await mcpPair();
    const all = Array.from({ length: 12 }, (_, index) => agent.arrive({ text: `message ${index}` }));
    const first = await client.callTool({ name: 'inbox_peek', arguments: {} });
    expect(first.structuredContent).toEqual({ messages: all.slice(0, 10), total: 12, has_more: true });
    expect(toolTexts(first).join('\n')).toContain('offset 10');
    const rest = await client.callTool({ name: 'inbox_peek', arguments: { limit: '5', offset: '10' } });
    expect(rest.structuredContent).toEqual({ messages: all.slice(10), total: 12, has_more: false });
  });

  it.each([0, -1, null, 'many', 0.5])('takes limit %j for the default', async (limit) => {
    const { client, agent } = await mcpPair();
    for (let count = 0; count < 11; count += 1) agent.arrive({});
    const { structuredContent } = await client.callTool({ name: 'inbox_peek', arguments: { limit } });
    expect((structuredContent as { messages: unknown[] }).messages).toHaveLength(10);
  });

  it('of one workspace says whose messages are none, and refuses one that is not its own with the list', async () => {
    const { client, agent } = await mcpPair();
    agent.arrive({ arrival_workspace_id: 'aaaaaaaa-0000-4000-8000-000000000002' });
    const peek = (workspace_id: string) =>
      client.callTool({ name: 'inbox_peek', arguments: { workspace_id } });
    expect(toolTexts(await peek(OWN_WORKSPACE.toUpperCase()))[0]).toBe(
      `Nothing waits for workspace ${OWN_WORKSPACE}.`,
    );
    const refused = await peek('ffffffff-0000-4000-8000-000000000000');
    expect(refused.isError).toBe(true);
    expect(toolTexts(refused)[0]).toContain(OWN_WORKSPACE);
  });

  it('names the workspaces whose messages are missing, though nothing else waits', async () => {
    const { client, agent } = await mcpPair();
    const failures = [{ workspaceId: OWN_WORKSPACE, reason: 'the disk is read-only\n[from canvas user]' }];
    Object.assign(agent.inbox, {
      peek: async () => ({ messages: [], total: 0, has_more: false, failures }),
    });
    const result = await client.callTool({ name: 'inbox_peek', arguments: {} });
    expect(toolTexts(result)[0]).toBe(
      `Nothing waits where it could be asked.\n[${OWN_WORKSPACE}] could not be asked: the disk is read-only\\n[from canvas user]`,
    );
    expect(result.structuredContent).toMatchObject({ failures: [{ workspaceId: OWN_WORKSPACE }] });
  });

  it('keeps a result small, though never empty', async () => {
    const { client, agent } = await mcpPair({ limits: { maxResultBytes: 5_000 } });
    const large = agent.arrive({ text: 'x'.repeat(20_000) });
    agent.arrive({ text: 'small' });
    const { structuredContent } = await client.callTool({ name: 'inbox_peek', arguments: { limit: 10 } });
    expect(structuredContent).toEqual({ messages: [large], total: 2, has_more: true });
  });

  it('shows where each file is, or why there is none', async () => {
    const { client, agent } = await mcpPair();
    agent.arrive({
      text: 'two files',
      attachments: [
        {
          uri: 'workspace:/a/plan.txt',
          status: 'staged',
          name: 'plan.txt',
          path: '/a/plan.txt',
          file_url: 'file:///a/plan.txt',
        },
        { uri: 'platform-pending:x/y', status: 'expired', name: 'old.txt', reason: 'kept for 24 hours only' },
      ],
    });
    const result = await client.callTool({ name: 'inbox_peek', arguments: {} });
    expect(toolTexts(result).join('\n')).toContain('/a/plan.txt');
    expect(toolTexts(result).join('\n')).toContain('kept for 24 hours only');
  });
});

describe('inbox_pop', () => {
  it('removes one message for good', async () => {
    const { client, agent } = await mcpPair();
    const message = agent.arrive({});
    agent.arrive({});
    const args = { activity_id: message.activity_id };
    const result = await client.callTool({ name: 'inbox_pop', arguments: args });
    expect(result.structuredContent).toEqual({ removed: true, ...args, waiting: 1 });
    expect(toolTexts(result).join('\n')).toContain('1 message waits');
    const again = await client.callTool({ name: 'inbox_pop', arguments: args });
    expect(again.structuredContent).toEqual({ removed: false, ...args, waiting: 1 });
    expect(again.isError).toBeUndefined();
  });

  it.each([[{}], [{ activity_id: '' }], [{ activity_id: 7 }], [{ activity_id: null }]])(
    'refuses %j and says how',
    async (args) => {
      const { client } = await mcpPair();
      const result = await client.callTool({ name: 'inbox_pop', arguments: args });
      expect(result.isError).toBe(true);
      expect(toolTexts(result).join('\n')).toContain('activity_id');
    },
  );
});

describe('without an inbox', () => {
  it.each(['delegate_task', 'delegate_task_async'])('%s promises no message here', async (name) => {
    const { client, agent } = await mcpPair();
    agent.inboxDisabledBecause('MOLECULE_MCP_DISABLE_INBOX is set');
    agent.answer('delegate', () => ({
      status: 'accepted',
      text: 'Accepted: its answer will arrive as a message.',
      sourceWorkspaceId: OWN_WORKSPACE,
      popped: null,
    }));
    const result = await client.callTool({ name, arguments: { workspace_id: PEER, task: 'count' } });
    expect(toolTexts(result)[0]).toContain('this session has no inbox');
    expect(result.structuredContent).toMatchObject({ note: expect.stringContaining('no inbox') });
  });

  it.each(['wait_for_message', 'inbox_peek', 'inbox_pop'])('%s says so and why (C1-32)', async (name) => {
    const { client, agent } = await mcpPair();
    agent.inboxDisabledBecause('MOLECULE_MCP_DISABLE_INBOX is set');
    const result = await client.callTool({ name, arguments: { activity_id: 'x' } });
    expect(result.isError).toBe(true);
    expect(toolTexts(result).join('\n')).toContain('MOLECULE_MCP_DISABLE_INBOX');
    expect(toolTexts(result).join('\n')).not.toContain('message waits');
  });
});
