import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { PushError } from '../../../adapters/mcp/push-error.ts';
import { createMcpServer } from '../../../adapters/mcp/server.ts';
import { renderChannel } from '../../../src/domain/rendering/render.ts';
import { mcpPair } from '../../support/mcp-pair.ts';
import { memoryAgent } from '../../support/memory-agent.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { until } from '../../support/until.ts';

const push = (text: string) => ({ content: text, meta: { source: 'molecule' } });

/** A server whose host has shaken hands by raw lines and reads nothing unless the test does. */
async function silentHost() {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const stalls: boolean[] = [];
  const server = createMcpServer({
    agent: memoryAgent,
    name: 'x',
    version: '0',
    instructions: 'x',
    logger: recordingLogger(),
    stdin,
    stdout,
    limits: { maxPendingBytes: 50_000, stallAfterMs: 20 },
    onStalledChange: (stalled) => stalls.push(stalled),
  });
  await server.start();
  const initialize = () => stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  return { server, stdin, stdout, stalls, initialize };
}

describe('push', () => {
  it('arrives as a channel notification, content and meta as rendered', async () => {
    const { server, agent, notifications } = await mcpPair();
    await server.initialized;
    const rendered = renderChannel(agent.arrive({ text: 'hello' }), 'https://plat.example');
    await server.push(rendered);
    await until(() => notifications.length > 0, 'the push');
    expect(notifications).toEqual([
      { jsonrpc: '2.0', method: 'notifications/claude/channel', params: { ...rendered } },
    ]);
  });

  it('waits for no host that has not said initialized: it is refused (W-14)', async () => {
    const { server, stdout, initialize } = await silentHost();
    await expect(server.push(push('early'))).rejects.toMatchObject({ reason: 'not-initialized' });
    expect(stdout.read()).toBeNull();
    initialize();
    await server.initialized;
    await server.push(push('in time'));
    expect(String(stdout.read())).toContain('in time');
  });

  it('is refused while the host does not read, so that memory stays bounded (W-30)', async () => {
    const { server, stdout, stalls, initialize } = await silentHost();
    initialize();
    await server.initialized;
    const refused: unknown[] = [];
    const sent = Array.from({ length: 10_000 }, (_, index) =>
      server.push(push(`${index} ${'x'.repeat(1000)}`)).catch((error: unknown) => refused.push(error)),
    );
    await until(() => server.stalled, 'the stall');
    expect(refused.length).toBeGreaterThan(9_900);
    expect(refused.every((error) => error instanceof PushError && error.reason === 'stalled')).toBe(true);
    stdout.resume();
    await Promise.all(sent);
    await until(() => !server.stalled, 'the end of the stall');
    expect(stalls).toEqual([true, false]);
    await server.push(push('again'));
  });

  it('is refused once the host is gone', async () => {
    const { server, stdin, initialize } = await silentHost();
    initialize();
    await server.initialized;
    stdin.end();
    expect(await server.closed).toBe('stdin ended');
    await expect(server.push(push('late'))).rejects.toMatchObject({ reason: 'gone' });
  });

  it('is never torn by replies that leave at the same time', async () => {
    const { server, client, notifications } = await mcpPair();
    await server.initialized;
    const large = 'x'.repeat(30_000);
    const pushes = Array.from({ length: 20 }, (_, index) => server.push(push(`${index} ${large}`)));
    await Promise.all([...pushes, ...Array.from({ length: 20 }, () => client.listTools())]);
    await until(() => notifications.length === 20, 'all pushes');
    expect(notifications.map(({ params }) => String(params?.content).split(' ')[0])).toEqual(
      Array.from({ length: 20 }, (_, index) => String(index)),
    );
  });
});

describe('log', () => {
  it('reaches the host from the level it asked for', async () => {
    const { server, client, notifications } = await mcpPair();
    await server.initialized;
    await client.setLoggingLevel('warning');
    server.log('info', 'too quiet');
    server.log('error', 'token refused');
    await until(() => notifications.length > 0, 'the log line');
    expect(notifications).toEqual([
      {
        jsonrpc: '2.0',
        method: 'notifications/message',
        params: { level: 'error', logger: 'molecule-inbox', data: 'token refused' },
      },
    ]);
  });
});
