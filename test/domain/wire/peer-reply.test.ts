import { describe, expect, it } from 'vitest';
import { isQueuedText, readPeerReply } from '../../../src/domain/wire/peer-reply.ts';

const text = (words: string) => ({ kind: 'text', text: words });
const result = (value: unknown) => ({ jsonrpc: '2.0', id: '1', result: value });

describe('readPeerReply: queued envelopes are accepted (W-12, §15.5)', () => {
  it.each([
    [{ delivery_mode: 'poll', method: 'message/send', status: 'queued' }, null],
    [{ delivery_mode: 'push-async', method: 'message/send', status: 'queued' }, null],
    [{ status: 'queued', method: 'message/send', queued: true, queue_id: 'q1', queue_depth: 2 }, 'q1'],
    [{ queued: true, queue_id: 'q2', queue_depth: 1, message: 'busy' }, 'q2'],
    [result({ status: 'queued' }), null],
  ])('%j', (body, queueId) => {
    expect(readPeerReply(body)).toEqual({ kind: 'accepted', queueId });
  });

  it('a task that is still under way, and says nothing yet, is accepted', () => {
    const task = { kind: 'task', id: 't', status: { state: 'working' } };
    expect(readPeerReply(result(task))).toEqual({ kind: 'accepted', queueId: null });
  });
});

describe('readPeerReply: every part of an answer (W-60)', () => {
  it.each<[string, unknown, string]>([
    ['two text parts, joined with nothing between', { parts: [text('a'), text('b')] }, 'ab'],
    ['the older spelling of a part', { parts: [{ type: 'text', text: 'old' }] }, 'old'],
    ['a part without a kind', { parts: [{ text: 'bare' }] }, 'bare'],
    ['a bare string', 'just words', 'just words'],
    ['a message in the result', { message: { parts: [text('m')] } }, 'm'],
    ['white space, kept', { parts: [text('  x\n')] }, '  x\n'],
    [
      'a task: artifacts, then the status message',
      {
        kind: 'task',
        artifacts: [{ parts: [text('one')] }, { parts: [text('two')] }],
        status: { state: 'completed', message: { parts: [text('done')] } },
      },
      'one\n\ntwo\n\ndone',
    ],
    [
      'a task that says the same twice',
      {
        artifacts: [{ parts: [text('same')] }],
        status: { state: 'completed', message: { parts: [text('same')] } },
      },
      'same',
    ],
    [
      'files and data, on lines of their own',
      {
        parts: [
          text('see'),
          { kind: 'file', file: { name: 'a.txt', uri: 'https://x/a' } },
          { kind: 'data', data: { n: 1 } },
          text('end'),
        ],
      },
      'see\n[file: a.txt, https://x/a]\n{"n":1}\nend',
    ],
    ['no words at all', { parts: [] }, ''],
    ['malformed parts, passed over', { parts: [null, 7, 'x', { kind: 'text', text: 5 }, text('ok')] }, 'ok'],
    ['null', null, ''],
  ])('%s', (_name, value, expected) => {
    expect(readPeerReply(result(value))).toEqual({ kind: 'answered', text: expected });
  });

  it('a message that came without its JSON-RPC envelope', () => {
    expect(readPeerReply({ role: 'agent', parts: [text('hi')] })).toEqual({ kind: 'answered', text: 'hi' });
  });
});

describe('readPeerReply: refusals', () => {
  it.each<[unknown, string]>([
    [{ error: 'access denied' }, 'access denied'],
    [{ jsonrpc: '2.0', error: { code: -32000, message: 'no' } }, 'no (code -32000)'],
    [{ error: { detail: 1 } }, '{"detail":1}'],
    [
      result({ kind: 'task', status: { state: 'failed', message: { parts: [text('disk full')] } } }),
      'disk full',
    ],
    [result({ kind: 'task', status: { state: 'rejected' } }), 'the task is rejected'],
    [{ error: 'denied', status: 'queued' }, 'denied'],
  ])('W-71: %j comes out in its own words', (body, reason) => {
    expect(readPeerReply(body)).toEqual({ kind: 'failed', reason });
  });

  it.each([[{}], [null], [7], [[]], [true]])('%j is nothing known, and no crash', (body) => {
    expect(readPeerReply(body).kind).toBe('failed');
  });

  it.each(['[A2A_ERROR] just text', 'Agent error: as an example', '{"error":"quoted"}'])(
    'W-62: the words %j are an answer',
    (words) => {
      expect(readPeerReply(result({ parts: [text(words)] }))).toEqual({ kind: 'answered', text: words });
    },
  );
});

describe('isQueuedText', () => {
  it.each([
    ['{"delivery_mode":"poll","method":"message/send","status":"queued"}', true],
    ['{"queued":true,"queue_id":"q"}', true],
    ['queued', false],
    ['{"status":"done"}', false],
    ['{"status":"queued"', false],
    ['', false],
  ])('%s: %s', (words, expected) => {
    expect(isQueuedText(words)).toBe(expected);
  });
});
