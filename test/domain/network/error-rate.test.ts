import { describe, expect, it } from 'vitest';
import { errorRateOf, troubleOf } from '../../../src/domain/network/error-rate.ts';
import { PlatformError } from '../../../src/domain/wire/platform-error.ts';

const NOW_MS = 1_000_000;
const at = (secsAgo: number, error: string | null = null) => ({ atMs: NOW_MS - secsAgo * 1000, error });

describe('errorRateOf', () => {
  it.each([
    ['nothing was asked', [], 0, ''],
    ['all went well', [at(3), at(2)], 0, ''],
    ['one of four failed', [at(9), at(8, 'no reply'), at(7), at(6)], 0.25, 'no reply'],
    ['the latest reason is told', [at(9, 'old'), at(8, 'new')], 1, 'new'],
    ['what is a minute old is forgotten', [at(61, 'long ago'), at(60, 'just gone'), at(1)], 0, ''],
  ])('%s', (_what, outcomes, errorRate, sampleError) => {
    expect(errorRateOf(outcomes, NOW_MS)).toEqual({ errorRate, sampleError });
  });
});

describe('troubleOf', () => {
  it('counts what broke on the way, and not what the platform meant to say', () => {
    expect(troubleOf(new PlatformError('unavailable', 'in trouble (503)'))).toBe('in trouble (503)');
    expect(troubleOf(new PlatformError('timed-out', 'no reply'))).toBe('no reply');
    for (const kind of ['refused', 'not-found', 'cursor-gone', 'rate-limited', 'too-large'] as const)
      expect(troubleOf(new PlatformError(kind, 'no'))).toBeNull();
  });
});
