import { describe, expect, it } from 'vitest';
import { mcpPair } from '../../../support/mcp-pair.ts';

describe('tools/list', () => {
  it('offers every tool of the reference, and ours', async () => {
    const { client } = await mcpPair();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'wait_for_message',
      'inbox_peek',
      'inbox_pop',
      'send_message_to_user',
      'delegate_task',
      'delegate_task_async',
      'check_task_status',
      'inbox_status',
      'inbox_claim',
      'inbox_watch',
      'list_peers',
      'get_workspace_info',
      'chat_history',
      'list_requests',
      'respond_to_request',
      'commit_memory',
      'recall_memory',
    ]);
  });

  it('describes each: title, words, schemas of objects, annotations', async () => {
    const { client } = await mcpPair();
    for (const tool of (await client.listTools()).tools) {
      expect(tool.title, tool.name).toBeTruthy();
      expect(tool.description?.length, tool.name).toBeGreaterThan(30);
      expect(tool.inputSchema.type, tool.name).toBe('object');
      expect(tool.outputSchema?.type, tool.name).toBe('object');
      expect(tool.annotations?.readOnlyHint, tool.name).toBeTypeOf('boolean');
    }
  });

  it('asks for what the reference asks for', async () => {
    const { client } = await mcpPair();
    const { tools } = await client.listTools();
    const required = Object.fromEntries(
      tools.map(({ name, inputSchema }) => [name, inputSchema.required ?? []]),
    );
    expect(required).toMatchObject({
      delegate_task: ['workspace_id', 'task'],
      delegate_task_async: ['workspace_id', 'task'],
      send_message_to_user: ['message'],
      inbox_pop: ['activity_id'],
      inbox_claim: ['workspace_id'],
      chat_history: ['peer_id'],
      commit_memory: ['content'],
      wait_for_message: [],
      inbox_peek: [],
      inbox_status: [],
      inbox_watch: [],
      check_task_status: [],
      list_peers: [],
      get_workspace_info: [],
      recall_memory: [],
    });
  });

  it('lets several workspaces be told apart in every tool that acts', async () => {
    const { client } = await mcpPair();
    const { tools } = await client.listTools();
    const fields = (name: string) =>
      Object.keys(tools.find((tool) => tool.name === name)?.inputSchema.properties ?? {});
    expect(fields('send_message_to_user')).toEqual(expect.arrayContaining(['workspace_id', 'reply_to']));
    for (const name of ['delegate_task', 'delegate_task_async']) {
      expect(fields(name)).toEqual(expect.arrayContaining(['source_workspace_id', 'reply_to']));
    }
    for (const name of [
      'check_task_status',
      'list_peers',
      'get_workspace_info',
      'chat_history',
      'commit_memory',
      'recall_memory',
    ]) {
      expect(fields(name), name).toContain('source_workspace_id');
    }
  });

  it('refuses a tool that nobody knows', async () => {
    const { client } = await mcpPair();
    await expect(client.callTool({ name: 'fly' })).rejects.toMatchObject({ code: -32602 });
  });
});
