import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundle } from '../../support/bundle.ts';
import { until } from '../../support/until.ts';

/** A reply as it stands on the wire. */
interface Reply {
  readonly id?: unknown;
  readonly result?: { readonly [key: string]: unknown; readonly isError?: boolean };
  readonly error?: { readonly code: number };
}

/** The server in a process of its own, with raw pipes. */
interface RawChild {
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly replies: readonly Reply[];
  send(...lines: readonly (string | object)[]): void;
  reply(id: unknown): Promise<Reply>;
  /** Resolves with the milliseconds until the process ended and how. */
  ended(): Promise<{ ms: number; code: number | null; signal: string | null; stderr: string }>;
}

async function startChild(): Promise<RawChild> {
  const child = spawn(process.execPath, [await bundle('test/support/mcp-child.ts')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const replies: Reply[] = [];
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = `${text}${chunk}`.split('\n');
    text = lines.pop() ?? '';
    replies.push(...lines.map((line) => JSON.parse(line) as Reply));
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  child.stdin.on('error', () => {});
  const raw: RawChild = {
    process: child,
    replies,
    send: (...lines) => {
      for (const line of lines)
        child.stdin.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
    },
    reply: (id) => until(() => replies.find((reply) => reply.id === id), `the reply to ${id}`),
    async ended() {
      const startedAt = performance.now();
      const [code, signal] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode, null];
      return { ms: performance.now() - startedAt, code, signal, stderr };
    },
  };
  raw.send(INITIALIZE, { jsonrpc: '2.0', method: 'notifications/initialized' });
  await raw.reply('init');
  return raw;
}

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 'init',
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
};
const call = (id: unknown, name: string, args: unknown) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
});

describe('the server as a process', () => {
  it('ends soon after stdin’s end, in the middle of a wait of 55 s (W-19)', async () => {
    const child = await startChild();
    child.send(call(1, 'wait_for_message', { timeout_secs: 55 }), { jsonrpc: '2.0', id: 2, method: 'ping' });
    await child.reply(2);
    child.process.stdin.end();
    const { ms, ...end } = await child.ended();
    expect(end).toEqual({ code: 0, signal: null, stderr: 'closed: stdin ended\n' });
    expect(ms).toBeLessThan(5_000);
  });

  it('answers what was asked before stdin’s end', async () => {
    const child = await startChild();
    child.send(call(1, 'inbox_peek', {}), { jsonrpc: '2.0', id: 2, method: 'tools/list' });
    child.process.stdin.end();
    await child.ended();
    expect(child.replies.map(({ id }) => id).sort()).toEqual([1, 2, 'init']);
  });

  it('ends when the host closed stdout', async () => {
    const child = await startChild();
    child.process.stdout.destroy();
    child.send({ jsonrpc: '2.0', id: 1, method: 'ping' });
    expect(await child.ended()).toMatchObject({ code: 0, stderr: 'closed: stdout broke\n' });
  });

  it('answers every line of W-20 and lives on', async () => {
    const child = await startChild();
    const withoutId = ['[]', '5', 'null', '"x"', '{', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]'];
    child.send(...withoutId);
    await until(
      () => child.replies.filter(({ id }) => id === undefined).length === withoutId.length,
      'six errors',
    );
    expect(child.replies.slice(1).map(({ error }) => error?.code)).toEqual([
      -32600, -32600, -32600, -32600, -32700, -32600,
    ]);
    const wrong: object[] = [
      { jsonrpc: '2.0', id: 'w0', method: 'tools/list', params: null },
      { jsonrpc: '2.0', id: 'w1', method: 'tools/call', params: { name: 'inbox_peek', arguments: null } },
      { jsonrpc: '2.0', id: 'w2', method: 'tools/call', params: { name: 'inbox_peek', arguments: [] } },
      { jsonrpc: '2.0', id: 'w3', method: 'tools/call' },
      call('w4', 'commit_memory', { content: null }),
      call('w5', 'commit_memory', { content: 'x', scope: null }),
      call('w6', 'recall_memory', { scope: 5 }),
      call('w7', 'send_message_to_user', { message: 'x', workspace_id: 5 }),
      call('w8', 'delegate_task', { workspace_id: {}, task: 'x' }),
      { jsonrpc: '2.0', id: 'w10', method: 'no/such', params: {} },
      { jsonrpc: '2.0', id: 'w11', method: 'logging/setLevel', params: { level: 'loud' } },
      { jsonrpc: '2.0', id: 'w12', method: 'resources/read', params: {} },
      { jsonrpc: '2.0', id: 'w13', method: 'resources/read', params: { uri: 'inbox://nothing' } },
      { jsonrpc: '2.0', id: 'w14', method: 'prompts/get', params: { name: 'nothing' } },
    ];
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    const nested = `{"jsonrpc":"2.0","id":"w9","method":"tools/call","params":{"name":"inbox_pop","arguments":{"activity_id":${deep}}}}`;
    child.send(...wrong, nested);
    for (const message of wrong) {
      const reply = await child.reply((message as { id: string }).id);
      expect(reply.error ?? reply.result?.isError, JSON.stringify(message)).toBeTruthy();
      expect(reply.error?.code).not.toBe(-32603);
    }
    expect((await child.reply('w9')).result?.isError).toBe(true);
    // What answers nothing that was asked is answered by nothing, however deep it is.
    const bottomless = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    child.send(
      `{"jsonrpc":"2.0","id":99,"result":{"x":${bottomless}}}`,
      `{"jsonrpc":"2.0","id":99,"error":{"code":1,"message":"x","data":${bottomless}}}`,
      `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":1,"progress":1,"x":${bottomless}}}`,
      `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5,"reason":${bottomless}}}`,
    );
    child.send({ jsonrpc: '2.0', id: 'last', method: 'tools/list' });
    expect((await child.reply('last')).result).toBeDefined();
  });

  it('gets characters whole that two chunks share (W-21)', async () => {
    const child = await startChild();
    const bytes = Buffer.from(
      `${JSON.stringify(call(1, 'delegate_task', { workspace_id: 'w', task: 'é'.repeat(100_001) }))}\n`,
    );
    const { stdin } = child.process;
    for (let at = 0; at < bytes.length; at += 4097) stdin.write(bytes.subarray(at, at + 4097));
    const reply = await child.reply(1);
    expect(reply.result?.structuredContent).toMatchObject({ text: `you said: ${'é'.repeat(100_001)}` });
  });

  it('answers no notification, and pings (W-22)', async () => {
    const child = await startChild();
    child.send(
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 99 } },
      { jsonrpc: '2.0', method: 'notifications/whatever' },
      { jsonrpc: '2.0', method: 'ping' },
      { jsonrpc: '2.0', id: 'p', method: 'ping' },
    );
    expect(await child.reply('p')).toEqual({ jsonrpc: '2.0', id: 'p', result: {} });
    expect(child.replies.map(({ id }) => id)).toEqual(['init', 'p']);
  });
});
