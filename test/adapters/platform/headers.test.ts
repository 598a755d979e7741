import { describe, expect, it } from 'vitest';
import { readBudget } from '../../../adapters/platform/budget.ts';
import { retryAfterMs } from '../../../adapters/platform/retry-after.ts';
import { serverWords } from '../../../adapters/platform/server-words.ts';

describe('Retry-After', () => {
  const date = 'Tue, 05 May 2026 10:00:00 GMT';

  it.each([
    ['37', 37_000],
    ['0', 1000],
    ['-5', 1000],
    ['1.5', 1500],
    ['99999999', 3_600_000],
    ['Tue, 05 May 2026 10:00:20 GMT', 20_000],
    ['Tue, 05 May 2026 09:00:00 GMT', 1000],
    ['soon', null],
    ['', null],
    [undefined, null],
  ])('%j asks for %j ms', (header, expected) => {
    expect(retryAfterMs(header, date)).toBe(expected);
  });

  it('measures a date against our clock when the server names none', () => {
    const asked = retryAfterMs(new Date(Date.now() + 30_000).toUTCString(), undefined);
    expect(asked).toBeGreaterThan(25_000);
    expect(asked).toBeLessThanOrEqual(30_000);
  });
});

describe('the request budget', () => {
  const told = { 'x-ratelimit-limit': '600', 'x-ratelimit-remaining': '12', 'x-ratelimit-reset': '34' };

  it('is what the headers tell', () => {
    expect(readBudget(200, told)).toEqual({ limit: 600, remaining: 12, resetMs: 34_000 });
  });

  it('is endless when the server says so', () => {
    expect(readBudget(200, { 'x-ratelimit-limit': 'unlimited' })).toEqual({
      limit: Number.POSITIVE_INFINITY,
      remaining: Number.POSITIVE_INFINITY,
      resetMs: 0,
    });
  });

  it('is used up after a 429, for as long as the longer of both headers says', () => {
    expect(readBudget(429, { ...told, 'retry-after': '40' })).toEqual({
      limit: 600,
      remaining: 0,
      resetMs: 40_000,
    });
    expect(readBudget(429, { ...told, 'retry-after': '0' })).toEqual({
      limit: 600,
      remaining: 0,
      resetMs: 34_000,
    });
    expect(readBudget(429, {})).toEqual({ limit: null, remaining: 0, resetMs: 1000 });
  });

  it.each([[{}], [{ 'x-ratelimit-limit': '600' }], [{ ...told, 'x-ratelimit-remaining': 'many' }]])(
    'is unknown when %j is all that was said',
    (headers) => {
      expect(readBudget(200, headers)).toBeNull();
    },
  );
});

describe("W-57: the server's words", () => {
  it('are cut, trimmed and freed of control and direction characters', () => {
    expect(serverWords(' a\nb\r\u0000\u202e\u2028c ', '')).toBe('a\\u{a}b\\u{d}\\u{0}\\u{202e}\\u{2028}c');
    const long = serverWords('😀'.repeat(500), '');
    expect([...long]).toHaveLength(200);
    expect(long.endsWith('😀…')).toBe(true);
  });

  it('never hold the token', () => {
    expect(serverWords('bad token abc.def+', 'abc.def+')).toBe('bad token [token]');
  });
});
