import { describe, expect, it } from 'vitest';
import type { AgentPort } from '../../../src/domain/ports/agent.ts';
import { mcpPair } from '../../support/mcp-pair.ts';
import { memoryAgent } from '../../support/memory-agent.ts';

describe('the handshake', () => {
  it('says what the server can do and what the model should know', async () => {
    const { client } = await mcpPair();
    expect(client.getServerVersion()).toMatchObject({ name: 'molecule-inbox', version: '0.0.0' });
    expect(client.getInstructions()).toBe('be present');
    expect(client.getServerCapabilities()).toEqual({
      tools: {},
      resources: { subscribe: true },
      prompts: {},
      logging: {},
      experimental: { 'claude/channel': {} },
    });
  });

  it('needs no bridge: lists are answered before it is loaded, calls wait for it (W-25)', async () => {
    let loaded: (agent: AgentPort) => void = () => {};
    const agent = new Promise<AgentPort>((resolve) => {
      loaded = resolve;
    });
    const { client } = await mcpPair({ agent: () => agent });
    expect((await client.listTools()).tools.length).toBeGreaterThan(0);
    const call = client.callTool({ name: 'inbox_peek', arguments: {} });
    await client.ping();
    loaded(memoryAgent());
    expect((await call).structuredContent).toEqual({ messages: [], total: 0, has_more: false });
  });

  it('says why when the bridge cannot be loaded', async () => {
    const { client } = await mcpPair({
      agent: () => Promise.reject(new Error('the state directory is read-only')),
    });
    const result = await client.callTool({ name: 'inbox_peek', arguments: {} });
    expect(result.isError).toBe(true);
    expect(JSON.stringify(result.content)).toContain('the state directory is read-only');
  });

  it('tells who the host is once it is initialized', async () => {
    const { server } = await mcpPair();
    expect(await server.initialized).toEqual({ name: 'test-host', version: '1.2.3' });
  });
});
