import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { expect, it } from 'vitest';
import { tools } from '../../adapters/mcp/tools/registry.ts';
import { useCli } from '../support/cli.ts';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { runOutside } from './commands.ts';

const cli = useCli();

/** A workspace with two messages, a peer that may ask it, and the inspector's command line on our program for it. */
async function startInspector() {
  const platform = await startTestPlatform({ profile: 'head' });
  const workspace = await createPollWorkspace(platform);
  const peer = await createPollWorkspace(platform, 'peer');
  const [home, state] = [createTempFolder('home'), createTempFolder('state')];
  await sayAsUser(platform, workspace, 'first');
  await sayAsUser(platform, workspace, 'second');
  const settings = {
    PLATFORM_URL: platform.url,
    WORKSPACE_ID: workspace.id,
    MOLECULE_WORKSPACE_TOKEN: workspace.token,
    CONFIGS_DIR: state,
  };
  const program = [
    process.execPath,
    cli.path,
    ...Object.entries(settings).flatMap(([k, v]) => ['-e', `${k}=${v}`]),
  ];

  async function askAsPeer(title: string): Promise<void> {
    const request = { kind: 'approval', recipient_type: 'agent', recipient_id: workspace.id, title };
    const { status } = await fetch(`${platform.url}/workspaces/${peer.id}/requests`, {
      method: 'POST',
      body: JSON.stringify(request),
      headers: { authorization: `Bearer ${peer.token}` },
    });
    expect(status).toBe(201);
  }

  /** One start of the inspector, which starts the program: it must end well, with JSON on stdout. */
  async function inspect<Reply>(...args: readonly string[]): Promise<Reply> {
    const { code, stdout, stderr } = await runOutside('inspector', ['--cli', ...program, ...args], {
      HOME: home,
    });
    expect({ code, stderr }, `inspector ${args.join(' ')}: ${stdout}`).toMatchObject({ code: 0 });
    return JSON.parse(stdout) as Reply;
  }
  return { platform, workspace, peer, askAsPeer, inspect };
}

it('the official inspector lists every tool and calls each of them', async () => {
  const { platform, workspace, peer, askAsPeer, inspect } = await startInspector();
  const { tools: listed } = await inspect<{ tools: { name: string }[] }>(
    '--method',
    'tools/list',
    '--strict',
  );
  expect(listed.map(({ name }) => name)).toEqual(tools.map(({ name }) => name));

  const called = new Set<string>();
  async function call<Content>(name: string, args: Readonly<Record<string, string>> = {}): Promise<Content> {
    const pairs = Object.entries(args).flatMap(([key, value]) => ['--tool-arg', `${key}=${value}`]);
    const reply = await inspect<CallToolResult>('--method', 'tools/call', '--tool-name', name, ...pairs);
    console.log(`${name}: ${JSON.stringify(reply.structuredContent).slice(0, 160)}`);
    expect(reply.isError, JSON.stringify(reply.content)).not.toBe(true);
    called.add(name);
    return reply.structuredContent as Content;
  }

  const first = await call<{ activity_id: string; text: string }>('wait_for_message', { timeout_secs: '10' });
  expect(first.text).toBe('first');
  const sent = await call('send_message_to_user', { message: 'heard', reply_to: first.activity_id });
  expect(sent).toMatchObject({ popped: first.activity_id });
  const peeked = await call<{ messages: { activity_id: string; text: string }[] }>('inbox_peek', {
    limit: '5',
  });
  const second = peeked.messages.find(({ text }) => text === 'second');
  expect(await call('inbox_pop', { activity_id: second?.activity_id ?? '' })).toMatchObject({
    removed: true,
  });
  await call('inbox_claim', { workspace_id: workspace.id });
  expect(await call('inbox_status')).toMatchObject({ workspaces: [{ workspaceId: workspace.id }] });

  await call('inbox_watch');

  expect(JSON.stringify(await call('list_peers'))).toContain(peer.id);
  await call('get_workspace_info');
  const task = { workspace_id: peer.id, task: 'look into it' };
  await call('delegate_task', task);
  const { delegation_id } = await call<{ delegation_id: string }>('delegate_task_async', task);
  await call('check_task_status', { task_id: delegation_id });
  await call('chat_history', { peer_id: peer.id });

  await askAsPeer('may I?');
  const { requests } = await call<{ requests: { id: string }[] }>('list_requests');
  await call('respond_to_request', { request_id: requests[0]?.id ?? '', answer: 'approved' });
  // A server of August has no memories of its own.
  await platform.switchProfile('may');
  await call('commit_memory', { content: 'tea, not coffee' });
  expect(JSON.stringify(await call('recall_memory', { query: 'tea' }))).toContain('tea, not coffee');

  expect([...called].sort()).toEqual(listed.map(({ name }) => name).sort());
}, 300_000);

it('the official inspector reads the inbox and its prompt', async () => {
  const { inspect } = await startInspector();
  const { resources } = await inspect<{ resources: { uri: string }[] }>('--method', 'resources/list');
  for (const { uri } of resources) await inspect('--method', 'resources/read', '--uri', uri);
  const { prompts } = await inspect<{ prompts: { name: string }[] }>('--method', 'prompts/list');
  for (const { name } of prompts) await inspect('--method', 'prompts/get', '--prompt-name', name);
  expect([resources.length, prompts.length].every((count) => count > 0)).toBe(true);
});
