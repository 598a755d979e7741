import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineSplitter } from '../../../../adapters/mcp/stdio/split-lines.ts';

/** What comes out when bytes go in as chunks of the given sizes; `'too long'` and `null` stand for themselves. */
function split(bytes: Uint8Array, sizes: readonly number[], maxLineBytes = 1000): (string | null)[] {
  const out: (string | null)[] = [];
  const splitter = createLineSplitter(maxLineBytes, {
    line: (text) => out.push(text),
    tooLong: () => out.push('too long'),
  });
  let at = 0;
  for (const size of sizes) {
    splitter.push(bytes.subarray(at, at + size));
    at += size;
  }
  splitter.push(bytes.subarray(at));
  splitter.end();
  return out;
}

describe('createLineSplitter', () => {
  it('gives the same lines however the bytes are cut (W-21)', () => {
    const lines = fc.array(
      fc
        .string({ unit: 'binary', maxLength: 30 })
        .map((text) => text.replace(/[\n\uFEFF]|[\uD800-\uDFFF]/g, 'é😀')),
    );
    fc.assert(
      fc.property(lines, fc.array(fc.nat(7)), (texts, sizes) => {
        expect(split(Buffer.from(texts.map((text) => `${text}\n`).join('')), sizes)).toEqual(texts);
      }),
    );
  });

  it('takes the last line without its newline', () => {
    expect(split(Buffer.from('a\nb'), [])).toEqual(['a', 'b']);
    expect(split(Buffer.from('a\n'), [])).toEqual(['a']);
  });

  it('gives null for what is no UTF-8, and the next line as it is', () => {
    expect(split(Buffer.from([0x61, 0xff, 0x0a, 0x62, 0x0a]), [])).toEqual([null, 'b']);
  });

  it('skips a line that passes the cap, tells once, and goes on with the next (W-22)', () => {
    const bytes = Buffer.from(`${'x'.repeat(11)}\nfine\n${'y'.repeat(10)}\n`);
    for (const size of [1, 3, 100]) {
      expect(split(bytes, Array(30).fill(size), 10)).toEqual(['too long', 'fine', 'y'.repeat(10)]);
    }
  });
});
