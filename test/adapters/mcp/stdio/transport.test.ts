import { PassThrough } from 'node:stream';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { createStdioTransport, type StdioLimits } from '../../../../adapters/mcp/stdio/transport.ts';
import { until } from '../../../support/until.ts';

/** A started transport over two pipes. Nobody reads `stdout` until a test does. */
async function given(limits: Partial<StdioLimits> = {}) {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const stalls: boolean[] = [];
  const transport = createStdioTransport({
    stdin,
    stdout,
    limits: {
      maxLineBytes: 1000,
      maxPendingBytes: 10_000,
      stallAfterMs: 20,
      endGraceMs: 50,
      flushMs: 50,
      ...limits,
    },
    onStalledChange: (stalled) => stalls.push(stalled),
  });
  const received: JSONRPCMessage[] = [];
  let closes = 0;
  transport.onmessage = (message) => received.push(message);
  transport.onclose = () => {
    closes += 1;
  };
  await transport.start();
  const written = () => {
    const text: string = stdout.read()?.toString() ?? '';
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  };
  return { stdin, stdout, stalls, transport, received, written, closes: () => closes };
}

const ping = (id: number) => `{"jsonrpc":"2.0","id":${id},"method":"ping"}\n`;
const note = (size: number): JSONRPCMessage => ({
  jsonrpc: '2.0',
  method: 'notifications/x',
  params: { text: 'x'.repeat(size) },
});

describe('createStdioTransport', () => {
  it('answers a bad line itself and lives on', async () => {
    const { stdin, received, written } = await given();
    stdin.write(`{\n[]\n${'x'.repeat(1001)}\n${ping(1)}`);
    await until(() => received.length === 1, 'the good line passes');
    expect(written().map(({ error }) => error.code)).toEqual([-32700, -32600, -32600]);
  });

  it('answers a request at which its reader fails, and lives on', async () => {
    const { stdin, transport, received, written } = await given();
    const errors: Error[] = [];
    transport.onerror = (error) => errors.push(error);
    transport.onmessage = (message) => {
      received.push(message);
      if (received.length < 3) throw new RangeError('Maximum call stack size exceeded');
    };
    stdin.write(`${ping(1)}{"jsonrpc":"2.0","id":9,"result":{}}\n${ping(2)}`);
    await until(() => received.length === 3, 'all of them');
    expect(written()).toMatchObject([{ id: 1, error: { code: -32603 } }]);
    expect(errors).toHaveLength(2);
  });

  it('closes at the end of stdin, once what is running has answered', async () => {
    const { stdin, transport, received, written, closes } = await given({ endGraceMs: 5_000 });
    stdin.end(ping(1));
    await until(() => received.length === 1, 'the request arrives');
    expect(closes()).toBe(0);
    void transport.send({ jsonrpc: '2.0', id: 1, result: {} });
    await until(() => closes() === 1, 'the end');
    expect(written()).toEqual([{ jsonrpc: '2.0', id: 1, result: {} }]);
    expect(transport.closeReason).toBe('stdin ended');
  });

  it('does not wait long for a request that never answers (W-19)', async () => {
    const { stdin, closes } = await given({ endGraceMs: 10 });
    stdin.end(ping(1));
    await until(() => closes() === 1, 'the end');
  });

  it('does not wait at all for a cancelled request', async () => {
    const { stdin, closes } = await given({ endGraceMs: 60_000 });
    stdin.end(`${ping(1)}{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}\n`);
    await until(() => closes() === 1, 'the end');
  });

  it('closes when stdout breaks, and rejects what is written then', async () => {
    const { stdout, transport, closes } = await given();
    stdout.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    await until(() => closes() === 1, 'the end');
    expect(transport.closeReason).toBe('stdout broke');
    expect(transport.roomy).toBe(false);
    await expect(transport.send(note(1))).rejects.toThrow('stdout is closed');
  });

  it('tells when the host stops reading, and when it reads again (W-30)', async () => {
    const { stdout, stalls, transport } = await given();
    const sent = transport.send(note(40_000));
    await until(() => transport.stalled, 'the stall');
    expect(transport.roomy).toBe(false);
    stdout.resume();
    await sent;
    await until(() => !transport.stalled, 'the end of the stall');
    expect(stalls).toEqual([true, false]);
    expect(transport.roomy).toBe(true);
    expect(transport.pendingBytes).toBe(0);
  });

  it('holds requests back while their answers would pile up, and then takes them all', async () => {
    const { stdin, stdout, transport, received } = await given({ maxPendingBytes: 2_000 });
    transport.onmessage = (message) => {
      received.push(message);
      if ('id' in message && message.id !== undefined) {
        void transport.send({ jsonrpc: '2.0', id: message.id, result: { text: 'x'.repeat(3_000) } });
      }
    };
    const asked = 500;
    for (let id = 0; id < asked; id += 1) stdin.write(ping(id));
    await until(() => transport.stalled, 'the stall');
    const taken = received.length;
    // What node's own pipes take without being read, and the bound: far from 500 answers of 3 kB.
    expect(taken).toBeLessThan(60);
    stdout.resume();
    await until(() => received.length === asked, 'all requests');
    expect(received.map((message) => 'id' in message && message.id)).toEqual([...Array(asked).keys()]);
  });

  it('notices the end of stdin while the host does not read', async () => {
    const { stdin, transport, closes } = await given({ maxPendingBytes: 2_000, endGraceMs: 10 });
    void transport.send(note(40_000)).catch(() => {});
    stdin.end(ping(1));
    await until(() => closes() === 1, 'the end');
  });

  it('answers a result that cannot be written as JSON', async () => {
    const { transport, written } = await given();
    const deep = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    await transport.send({ jsonrpc: '2.0', id: 3, result: { deep } });
    expect(written()).toEqual([
      { jsonrpc: '2.0', id: 3, error: { code: -32603, message: expect.any(String) } },
    ]);
  });

  it('closes once, and lets go of stdin', async () => {
    const { stdin, transport, closes } = await given();
    await Promise.all([transport.close(), transport.close()]);
    stdin.end();
    expect(closes()).toBe(1);
    expect(stdin.listenerCount('data')).toBe(0);
    expect(transport.closeReason).toBe('closed');
  });
});
