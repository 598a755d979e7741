import { describe, expect, it } from 'vitest';
import { readMessage } from '../../../../adapters/mcp/stdio/read-message.ts';

describe('readMessage', () => {
  it.each([
    ['{', -32700],
    ['hello', -32700],
    [null, -32700],
    ['[]', -32600],
    ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600],
    ['5', -32600],
    ['null', -32600],
    ['"x"', -32600],
    ['true', -32600],
    ['{}', -32600],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600],
    ['{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600],
    ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600],
    ['{"jsonrpc":"2.0","result":5,"id":1}', -32600],
    ['{"jsonrpc":"2.0","method":"tools/list","params":null}', -32602],
    ['{"jsonrpc":"2.0","method":"tools/list","params":[]}', -32602],
  ])('%s is answered %d, without an id', (line, code) => {
    const reading = readMessage(line);
    expect(reading).toMatchObject({ kind: 'refused', reply: { jsonrpc: '2.0', error: { code } } });
    expect(reading.kind === 'refused' && 'id' in reading.reply).toBe(false);
  });

  it.each([
    ['{"jsonrpc":"2.0","id":7,"method":"tools/list","params":null}', -32602],
    ['{"jsonrpc":"2.0","id":7,"method":"tools/list","params":[1]}', -32602],
    ['{"jsonrpc":"2.0","id":7,"method":"tools/list","params":"x"}', -32602],
    ['{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{"_meta":5}}', -32602],
    ['{"jsonrpc":"2.0","id":7,"method":5}', -32600],
    ['{"jsonrpc":"2.0","id":7}', -32600],
    ['{"jsonrpc":"1.0","id":7,"method":"ping"}', -32600],
    ['{"id":7,"method":"ping"}', -32600],
  ])('%s is answered %d, with its id', (line, code) => {
    expect(readMessage(line)).toMatchObject({ kind: 'refused', reply: { id: 7, error: { code } } });
  });

  it.each([
    ['{"jsonrpc":"2.0","id":"a","method":"ping"}', { id: 'a', method: 'ping' }],
    [
      '{"jsonrpc":"2.0","id":0,"method":"no/such","params":{"x":1}}',
      { id: 0, method: 'no/such', params: { x: 1 } },
    ],
    ['{"jsonrpc":"2.0","id":1,"method":"ping","extra":true}', { id: 1, method: 'ping' }],
    [
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","task":{"ttl":1}}}',
      { id: 1, method: 'tools/call', params: { name: 'x' } },
    ],
    ['{"jsonrpc":"2.0","method":"notifications/initialized"}\r', { method: 'notifications/initialized' }],
    [
      '{"jsonrpc":"2.0","method":"notifications/initialized","params":null}',
      { method: 'notifications/initialized' },
    ],
    ['{"jsonrpc":"2.0","id":1,"result":{}}', { id: 1, result: {} }],
  ])('%s passes', (line, message) => {
    expect(readMessage(line)).toEqual({ kind: 'message', message: { jsonrpc: '2.0', ...message } });
  });

  it.each(['', '\r', '  '])('%j is nothing', (line) => {
    expect(readMessage(line)).toEqual({ kind: 'blank' });
  });

  it('reads 100,000 nested arrays without falling over (W-24)', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const line = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":{"y":${deep}}}}`;
    expect(readMessage(line).kind).toBe('message');
  });
});
