import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseEnvelope } from '../../src/local-platform/rules/a2a-envelope.ts';
import { mayCommunicate } from '../../src/local-platform/rules/access.ts';
import type { ActivityRow } from '../../src/local-platform/rules/activity-row.ts';
import { bearerToken } from '../../src/local-platform/rules/bearer.ts';
import { feedPage } from '../../src/local-platform/rules/feed-page.ts';
import { parseFeedQuery } from '../../src/local-platform/rules/feed-query.ts';
import { storedFileName, storedMimeType } from '../../src/local-platform/rules/file-name.ts';
import { encodeJson, holdsNul } from '../../src/local-platform/rules/go-json.ts';
import { mayPassOrigin } from '../../src/local-platform/rules/origin.ts';
import { spendRate } from '../../src/local-platform/rules/rate-window.ts';
import { formatMicros, parseRfc3339 } from '../../src/local-platform/rules/timestamps.ts';
import { parseUuid } from '../../src/local-platform/rules/uuid.ts';

describe('times', () => {
  it.each([
    ['2026-05-05T10:11:12Z', '2026-05-05T10:11:12Z'],
    ['2026-05-05T10:11:12.345600Z', '2026-05-05T10:11:12.3456Z'],
    ['2026-05-05T12:11:12.000001+02:00', '2026-05-05T10:11:12.000001Z'],
  ])('%s is written as %s', (read, written) => {
    expect(formatMicros(parseRfc3339(read) ?? Number.NaN)).toBe(written);
  });

  it('survive the way out and back to the microsecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e15 }), (micros) => {
        expect(parseRfc3339(formatMicros(micros))).toBe(micros);
      }),
    );
  });

  it.each(['yesterday', '2026-05-05', '2026-05-05 10:11:12Z', '2026-13-05T10:11:12Z', ''])(
    '%s is none',
    (text) => {
      expect(parseRfc3339(text)).toBeUndefined();
    },
  );
});

describe('names', () => {
  it.each([
    ['mein Bild (1).png', 'mein_Bild__1_.png'],
    ['/etc/passwd', 'passwd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['🦊.txt', '_.txt'],
    ['..', 'file'],
    ['', 'file'],
    [`${'a'.repeat(200)}.pdf`, `${'a'.repeat(96)}.pdf`],
    [`${'a'.repeat(90)}.${'b'.repeat(40)}`, `${'a'.repeat(90)}.${'b'.repeat(9)}`],
  ])('%j is kept as %j', (sent, stored) => {
    expect(storedFileName(sent)).toBe(stored);
  });

  it.each([
    ['text/plain; charset=utf-8', 'text/plain'],
    ['', ''],
    ['nonsense', 'application/octet-stream'],
    ['text/ plain', 'application/octet-stream'],
    ['text/pläin', 'application/octet-stream'],
  ])('the type %j is kept as %j', (sent, stored) => {
    expect(storedMimeType(sent)).toBe(stored);
  });

  it.each([
    ['6F1F0B8E-4D3C-4A59-9D35-0C7F0F6F2A11', true],
    ['{6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11}', true],
    ['urn:uuid:6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11', true],
    ['6f1f0b8e4d3c4a599d350c7f0f6f2a11', true],
    ['6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a1', false],
    ['abc', false],
  ])('%s is a UUID: %s', (text, is) => {
    expect(parseUuid(text)).toBe(is ? '6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11' : undefined);
  });
});

describe('headers', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['Bearer  abc ', 'abc'],
    ['bearer abc', undefined],
    ['Bearer ', undefined],
    ['Basic abc', undefined],
    [undefined, undefined],
  ])('%s carries the token %s', (header, token) => {
    expect(bearerToken(header)).toBe(token);
  });

  it.each([
    [undefined, true],
    ['http://platform:8080', true],
    ['https://platform:8080', true],
    ['http://localhost:3000', true],
    ['http://platform', false],
    ['http://platform:8080/', false],
    ['https://evil.example', false],
  ])('the origin %s passes: %s', (origin, passes) => {
    expect(mayPassOrigin(origin, 'platform:8080', ['http://localhost:3000'])).toBe(passes);
  });
});

describe('JSON', () => {
  it('leaves with the escapes of an HTML-safe encoder and means the same', () => {
    const value = { text: '<b>&\u2028\u2029</b>' };
    expect(encodeJson(value)).toBe('{"text":"\\u003cb\\u003e\\u0026\\u2028\\u2029\\u003c/b\\u003e"}');
    expect(JSON.parse(encodeJson(value))).toEqual(value);
  });

  it('is written and looked through however deep it is (W-24)', () => {
    const levels = 20_000;
    const nest = (bottom: unknown) => {
      let value = bottom;
      for (let level = 0; level < levels; level += 1) value = { left: 1, none: undefined, inner: [value] };
      return value;
    };
    const deep = nest(['a"b', undefined, null, {}, []]);
    expect(() => JSON.stringify(deep)).toThrow(RangeError);
    const [begin, end] = ['{"left":1,"inner":['.repeat(levels), ']}'.repeat(levels)];
    expect(encodeJson(deep) === `${begin}["a\\"b",null,null,{},[]]${end}`).toBe(true);
    expect([deep, nest('a\u0000'), nest({ 'a\u0000': 1 })].map(holdsNul)).toEqual([false, true, true]);
  });
});

describe('the access rule', () => {
  const tree = new Map(
    [
      ['root', null],
      ['other', null],
      ['child', 'root'],
      ['sibling', 'root'],
      ['grandchild', 'child'],
    ].map(([id, parentId]) => [String(id), { id: String(id), parentId: parentId ?? null }]),
  );
  const allowed = (caller: string, target: string, rootsMayTalk: boolean) =>
    mayCommunicate(caller, target, (id) => tree.get(id), rootsMayTalk);

  it.each([
    ['root', 'root', true, true],
    ['child', 'sibling', true, true],
    ['grandchild', 'root', true, true],
    ['root', 'grandchild', true, true],
    ['root', 'other', true, false],
    ['grandchild', 'sibling', false, false],
    ['grandchild', 'other', false, false],
    ['root', 'nobody', false, false],
  ])('%s to %s: %s in May, %s at HEAD', (caller, target, may, head) => {
    expect(allowed(caller, target, true)).toBe(may);
    expect(allowed(caller, target, false)).toBe(head);
  });
});

describe('the rate window', () => {
  it('is fixed, begins with the first request and counts whole seconds down to 0', () => {
    const first = spendRate(undefined, 2, 1_000);
    expect(first).toMatchObject({ passes: true, remaining: 1, resetSeconds: 59 });
    const second = spendRate(first.window, 2, 30_000);
    expect(second).toMatchObject({ passes: true, remaining: 0, resetSeconds: 30 });
    expect(spendRate(second.window, 2, 60_500)).toMatchObject({ passes: false, resetSeconds: 0 });
    expect(spendRate(second.window, 2, 61_000)).toMatchObject({ passes: true, remaining: 1 });
  });
});

describe('A2A bodies', () => {
  const normalise = (value: unknown) => normaliseEnvelope(JSON.stringify(value), () => 'new', 'invalid JSON');

  it.each([[[1]], ['text'], [null], [42]])('%j is refused', (value) => {
    expect(normalise(value)).toEqual({ ok: false, refusal: { error: 'invalid JSON' } });
  });

  it('of another type of content are refused with a hint', () => {
    expect(normalise({ params: { message: { content: 7 } } })).toMatchObject({
      ok: false,
      refusal: { error: 'invalid params.message.content type' },
    });
  });

  it('lose what is beside method and params when they are wrapped, and nothing when they are not', () => {
    expect(normalise({ method: 'm', params: { a: 1 }, extra: true })).toEqual({
      ok: true,
      method: 'm',
      envelope: { jsonrpc: '2.0', id: 'new', method: 'm', params: { a: 1 } },
    });
    const whole = { jsonrpc: '2.0', method: 'm', params: { a: 1 }, extra: true };
    expect(normalise(whole)).toEqual({ ok: true, method: 'm', envelope: whole });
  });
});

describe('pages of the feed', () => {
  const row = (seq: number, createdAtMicros: number): ActivityRow => ({
    id: `row ${seq}`,
    seq,
    workspaceId: 'w',
    createdAtMicros,
    activityType: 'a2a_receive',
    sourceId: null,
    targetId: null,
    method: null,
    summary: null,
    durationMs: null,
    status: 'ok',
    errorDetail: null,
  });
  const rows = [row(1, 10), row(2, 20), row(3, 20), row(4, 20), row(5, 30)];
  const seqs = (page: readonly ActivityRow[]) => page.map(({ seq }) => seq);
  const query = (limit: number) => {
    const parsed = parseFeedQuery(new URLSearchParams({ limit: String(limit) }));
    if (typeof parsed === 'string') throw new Error(parsed);
    return parsed;
  };

  it('without a cursor hold the newest rows, newest first', () => {
    expect(seqs(feedPage(rows, query(2), undefined, 0, true))).toEqual([5, 4]);
    expect(seqs(feedPage(rows, query(0), undefined, 0, true))).toEqual([5, 4, 3, 2, 1]);
  });

  it('after a cursor hold the oldest rows, and lose its tie in May alone', () => {
    expect(seqs(feedPage(rows, query(3), row(2, 20), 0, false))).toEqual([5]);
    expect(seqs(feedPage(rows, query(3), row(2, 20), 0, true))).toEqual([3, 4, 5]);
    expect(seqs(feedPage(rows, query(2), row(1, 10), 0, false))).toEqual([2, 3]);
  });

  it('never exceed 500 rows', () => {
    expect(query(100_000).limit).toBe(500);
  });
});
