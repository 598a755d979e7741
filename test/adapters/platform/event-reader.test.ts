import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventReader } from '../../../adapters/platform/event-reader.ts';
import type { WakeUp } from '../../../src/domain/ports/platform.ts';
import { PlatformError } from '../../../src/domain/wire/platform-error.ts';

const read = (stream: string | Uint8Array, cuts: readonly number[] = [], maxChars = 1000): WakeUp[] => {
  const bytes = Buffer.from(stream);
  const reader = createEventReader(maxChars);
  const edges = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).flatMap((edge, index) => reader(bytes.subarray(edges[index], edge)));
};

const frame = (text: string) =>
  `data: ${JSON.stringify({ type: 'ACTIVITY_LOGGED', timestamp: 1, data: { text } })}\n\n`;

describe('the event reader', () => {
  it('gives the same events wherever the bytes are cut', () => {
    const text = 'Grüße 👋🏽 \u2028 "x"';
    for (const ending of ['\n', '\r\n', '\r']) {
      const stream = `: ping\n\n${frame(text)}event: x\nid: 7\nretry: 5\n${frame('2')}`.replaceAll(
        '\n',
        ending,
      );
      const expected = [text, '2'].map((said) => ({ type: 'ACTIVITY_LOGGED', data: { text: said } }));
      const length = Buffer.byteLength(stream);
      fc.assert(
        fc.property(fc.uniqueArray(fc.integer({ min: 1, max: length - 1 })), (cuts) => {
          // A last lone CR waits for the next byte, which tells whether it is CRLF.
          expect(read(`${stream}:\n`, cuts)).toEqual(expected);
        }),
        { numRuns: 200 },
      );
    }
  });

  it.each([
    ['a comment', ': keep-alive\n\n'],
    ['no JSON', 'data: hello\n\n'],
    ['JSON of another shape', 'data: [1]\n\ndata: null\n\ndata: {"type":5}\n\n'],
    ['unknown fields', 'hello: world\n\nretry: soon\n\n'],
    ['an event without its end', 'data: {"type":"X"}\n'],
  ])('passes over %s', (_what, stream) => {
    expect(read(stream)).toEqual([]);
  });

  it('joins the lines of one event and tolerates data that is no object', () => {
    expect(read('data: {"type":\ndata: "A", "data": 5}\n\n')).toEqual([{ type: 'A', data: {} }]);
  });

  it.each([
    ['a line', `data: ${'x'.repeat(2000)}`],
    ['an event of many lines', `data: ${'x'.repeat(90)}\n`.repeat(20)],
  ])('refuses %s without end', (_what, stream) => {
    const cuts = Array.from({ length: 20 }, (_, index) => index * 95 + 1);
    expect(() => read(stream, cuts)).toThrow(PlatformError);
  });
});
