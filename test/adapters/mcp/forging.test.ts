import { describe, expect, it } from 'vitest';
import { AgentError } from '../../../src/domain/ports/agent.ts';
import { PlatformError } from '../../../src/domain/wire/platform-error.ts';
import { mcpPair } from '../../support/mcp-pair.ts';
import { type MemoryAgent, OWN_WORKSPACE, PEER } from '../../support/memory-agent.ts';
import { expectNeutral, expectNeutralData, HOSTILE } from '../../support/neutral.ts';
import { toolTexts } from '../../support/tool-texts.ts';

/** A folder of the user's own whose name holds a mark of direction: a path in it has to open all the same. */
const PATH = '/home/ann/\u200fمستندات/ab-plan.txt';
const FILE = { uri: HOSTILE, name: 'plan.txt', mimeType: 'text/plain', size: 5 };

/** Puts a message into the inbox whose every word is a stranger's. */
const arrive = (agent: MemoryAgent) =>
  agent.arrive({
    text: HOSTILE,
    kind: 'peer_agent',
    peer_id: PEER,
    method: HOSTILE,
    peer_name: HOSTILE,
    peer_role: HOSTILE,
    delegation_id: HOSTILE,
    error_detail: `why: ${HOSTILE}`,
    attachments: [
      { ...FILE, status: 'staged', path: PATH, file_url: 'file:///home/ann/ab-plan.txt' },
      { ...FILE, status: 'failed', reason: HOSTILE },
    ],
  });

/** What each tool is called with, and who says hostile words when it is. */
const CASES: readonly {
  readonly tool: string;
  readonly args?: Record<string, unknown>;
  readonly prepare: (agent: MemoryAgent) => void;
  /** Lines of our own in the text: headers, files, hints. */
  readonly ours?: number;
}[] = [
  { tool: 'wait_for_message', prepare: arrive, ours: 5 },
  { tool: 'inbox_peek', prepare: arrive, ours: 5 },
  {
    tool: 'delegate_task',
    args: { workspace_id: PEER, task: 'x' },
    prepare: (agent) =>
      agent.answer('delegate', () => ({
        status: 'answered',
        text: HOSTILE,
        sourceWorkspaceId: OWN_WORKSPACE,
        popped: null,
      })),
  },
  {
    tool: 'delegate_task_async',
    args: { workspace_id: PEER, task: 'x' },
    prepare: (agent) =>
      agent.answer('delegateAsync', () => ({
        delegationId: HOSTILE,
        status: HOSTILE,
        repeated: false,
        sourceWorkspaceId: OWN_WORKSPACE,
        popped: null,
      })),
  },
  {
    tool: 'check_task_status',
    prepare: (agent) =>
      agent.answer('checkTask', () => ({
        delegations: [{ delegation_id: HOSTILE, status: HOSTILE, result: HOSTILE, summary: HOSTILE }],
        failures: [{ workspace_id: OWN_WORKSPACE, reason: HOSTILE }],
      })),
  },
  { tool: 'inbox_status', prepare: (agent) => agent.lastError(HOSTILE) },
  {
    tool: 'list_peers',
    prepare: (agent) =>
      agent.answer('listPeers', () => ({
        peers: [{ id: HOSTILE, name: HOSTILE, role: HOSTILE, status: HOSTILE, via: OWN_WORKSPACE }],
        failures: [{ workspaceId: OWN_WORKSPACE, reason: HOSTILE }],
      })),
  },
  {
    tool: 'get_workspace_info',
    prepare: (agent) =>
      agent.answer('describeWorkspace', () => ({
        name: HOSTILE,
        [HOSTILE]: 'a key',
        agent_card: { skills: [{ name: HOSTILE, path: HOSTILE }] },
      })),
  },
  {
    tool: 'chat_history',
    args: { peer_id: PEER },
    prepare: (agent) =>
      agent.answer('history', () => [
        {
          activity_id: HOSTILE,
          created_at: HOSTILE,
          direction: 'from_peer',
          text: HOSTILE,
          method: HOSTILE,
          status: HOSTILE,
          error_detail: HOSTILE,
          attachments: [{ ...FILE, status: 'failed', reason: HOSTILE }],
          // The exception for our own paths is no exception for whoever calls his words so.
          body: { [HOSTILE]: HOSTILE, attachments: [{ status: 'staged', path: HOSTILE }] },
        },
      ]),
  },
  {
    tool: 'list_requests',
    prepare: (agent) =>
      agent.answer('requests.list', () => ({
        requests: [
          {
            id: '11111111-1111-4111-8111-111111111111',
            kind: 'task',
            requesterId: HOSTILE,
            title: HOSTILE,
            detail: HOSTILE,
            status: HOSTILE,
            priority: null,
            createdAt: '2026-05-01T00:00:00Z',
            workspaceId: OWN_WORKSPACE,
            remarks: [{ own: false, text: HOSTILE }],
          },
        ],
        failures: [{ workspaceId: OWN_WORKSPACE, reason: HOSTILE }],
      })),
  },
  {
    tool: 'commit_memory',
    args: { content: 'x' },
    prepare: (agent) => agent.answer('commit', () => ({ id: HOSTILE, scope: HOSTILE })),
  },
  {
    tool: 'recall_memory',
    prepare: (agent) => agent.answer('recall', () => [{ scope: HOSTILE, content: HOSTILE }]),
  },
];

describe('W-56: nothing that strangers write passes for ours', () => {
  it.each(CASES)('in the text and the data of $tool', async ({ tool, args = {}, prepare, ours = 0 }) => {
    const { client, agent } = await mcpPair();
    prepare(agent);
    const result = await client.callTool({ name: tool, arguments: args });
    expect(result.isError, toolTexts(result).join('\n')).toBeUndefined();
    expect(JSON.stringify(result)).toContain('evil');
    expectNeutralData(withoutPath(result.structuredContent), tool);
    expectNeutral(toolTexts(result)[0] ?? '', `the text of ${tool}`, { oursAllowed: ours });
  });

  it.each([
    ['a peer’s refusal', new AgentError(HOSTILE, 'Tell the user.')],
    ['the platform’s words', new PlatformError('refused', `refused: ${HOSTILE}`, { status: 403 })],
    ['a fault of ours that cites them', new TypeError(HOSTILE)],
  ])('in a failure that tells %s', async (_whose, error) => {
    const { client, agent } = await mcpPair();
    agent.failNext('delegate', error);
    const result = await client.callTool({
      name: 'delegate_task',
      arguments: { workspace_id: PEER, task: 'x' },
    });
    expect(result.isError).toBe(true);
    expect(toolTexts(result)[0]).toContain('evil');
    expectNeutral(toolTexts(result)[0] ?? '', 'the refusal');
  });

  it('in a resource', async () => {
    const { client, agent } = await mcpPair();
    const { activity_id } = arrive(agent);
    agent.lastError(HOSTILE);
    for (const uri of ['inbox://messages', `inbox://messages/${activity_id}`, 'inbox://status']) {
      const [content] = (await client.readResource({ uri })).contents;
      const text = content && 'text' in content ? content.text : '';
      expect(text, uri).toContain('evil');
      expectNeutral(withoutPath(text) as string, uri);
      expectNeutralData(withoutPath(JSON.parse(text)), uri);
    }
  });

  it('in a line of the host’s log', async () => {
    const { server, client, notifications } = await mcpPair();
    await server.initialized;
    server.log('warning', `peer said: ${HOSTILE}`);
    await client.ping();
    expect(notifications).toHaveLength(1);
    expectNeutral(String(notifications[0]?.params?.data), 'the log');
  });

  it('in an error that repeats what the model was told to ask for', async () => {
    const { client } = await mcpPair();
    const errors = await Promise.all([
      client.callTool({ name: HOSTILE }).catch(String),
      client.getPrompt({ name: HOSTILE }).catch(String),
      client.readResource({ uri: `inbox://${HOSTILE}` }).catch(String),
    ]);
    for (const error of errors) expectNeutral(String(error), 'the error');
    const popped = await client.callTool({ name: 'inbox_pop', arguments: { activity_id: HOSTILE } });
    expectNeutral(toolTexts(popped)[0] ?? '', 'the text');
  });

  it('in the prompt', async () => {
    const { client } = await mcpPair();
    const prompt = await client.getPrompt({
      name: 'work_through_inbox',
      arguments: { workspace_id: `x ${HOSTILE}` },
    });
    expectNeutralData(prompt, 'the prompt');
  });
});

describe('what is neutralised changes nothing else', () => {
  const ordinary =
    'a [link] and <b>tags</b>\n\tif (a < b) {}\r\n👩🏽‍💻 你好 שלום سلام é \ufeffz\u200bw “quotes” \\n {"json": [1]}';

  it('ordinary text comes byte for byte', async () => {
    const { client, agent } = await mcpPair();
    const message = agent.arrive({ text: ordinary, error_detail: ordinary });
    const peeked = await client.callTool({ name: 'inbox_peek', arguments: {} });
    expect(peeked.structuredContent).toEqual({ messages: [message], total: 1, has_more: false });
    const waited = await client.callTool({ name: 'wait_for_message', arguments: {} });
    expect(waited.structuredContent).toEqual(message);
    const uri = `inbox://messages/${message.activity_id}`;
    const [content] = (await client.readResource({ uri })).contents;
    expect(JSON.parse(content && 'text' in content ? content.text : '')).toEqual(message);
  });

  it('the path of a file opens, whatever its folder is called', async () => {
    const { client, agent } = await mcpPair();
    arrive(agent);
    const { structuredContent } = await client.callTool({ name: 'wait_for_message', arguments: {} });
    const { attachments } = structuredContent as { attachments: { path?: string; uri: string }[] };
    expect(attachments[0]?.path).toBe(PATH);
    expectNeutral(attachments[0]?.uri ?? '', 'what was cited');
  });

  it('the inbox itself keeps every byte: it happens at rendering', async () => {
    const { client, agent } = await mcpPair();
    const { activity_id } = arrive(agent);
    await client.callTool({ name: 'inbox_peek', arguments: {} });
    expect((await agent.inbox.find(activity_id))?.text).toBe(HOSTILE);
  });
});

/** Our own path is the one thing that stays as it is. */
function withoutPath(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null).replaceAll(PATH, '(our path)'));
}
