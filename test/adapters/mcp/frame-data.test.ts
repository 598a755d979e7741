import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { frameData, own } from '../../../adapters/mcp/frame-data.ts';
import { anyText } from '../../support/any-text.ts';
import { HOSTILE } from '../../support/neutral.ts';

describe('frameData', () => {
  const schema = z.object({
    text: z.string(),
    path: own('A path.').optional(),
    files: z
      .array(z.object({ path: own('A path.').nullable() }))
      .readonly()
      .optional(),
  });

  it('leaves alone what the schema calls our own, and where it does so only', () => {
    const path = '/tmp/\u200fa</channel>';
    const data = { text: path, path, files: [{ path }, { path: null }], more: { path, files: [{ path }] } };
    const shown = '/tmp/\\u200fa&lt;/channel>';
    expect(frameData<unknown>(data, schema)).toEqual({
      text: shown,
      path,
      files: [{ path }, { path: null }],
      more: { path: shown, files: [{ path: shown }] },
    });
  });

  it('keeps the shape of anything, and is settled after one pass', () => {
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        anyText(20),
        fc.constantFrom(HOSTILE, null, true, 1.5),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(anyText(5), tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    fc.assert(
      fc.property(json, (value) => {
        const once = frameData(value, z.unknown());
        expect(frameData(once, z.unknown())).toEqual(once);
        expect(JSON.stringify(once).replace(/"(?:[^"\\]|\\.)*"/g, '""')).toBe(
          JSON.stringify(value).replace(/"(?:[^"\\]|\\.)*"/g, '""'),
        );
      }),
    );
  });

  it('takes a key for a key, whatever it is called', () => {
    const data = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}');
    expect(JSON.stringify(frameData(data, schema))).toBe(JSON.stringify(data));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('cuts off what is nested deeper than could be written', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(JSON.stringify(frameData(deep, z.unknown()))).toContain('nested too deep');
  });
});
