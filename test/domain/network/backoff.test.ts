import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BackoffPolicy, backoffMs } from '../../../src/domain/network/backoff.ts';

const equal: BackoffPolicy = { firstMs: 1_000, maxMs: 60_000, jitter: 'equal' };
const full: BackoffPolicy = { ...equal, jitter: 'full' };
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const failures = fc.integer({ min: 1, max: 100_000 });

describe('backoffMs', () => {
  it('doubles from the first pause to the longest and stays there', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 8].map((failed) =>
      backoffMs({ policy: equal, failures: failed, random: 0 }),
    );
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('keeps half of the pause with equal jitter, none with full jitter', () => {
    expect(backoffMs({ policy: equal, failures: 3, random: 0.5 })).toBe(3_000);
    expect(backoffMs({ policy: full, failures: 3, random: 0.5 })).toBe(2_000);
    expect(backoffMs({ policy: full, failures: 3, random: 0 })).toBe(0);
  });

  it('stays within its bounds for any number of failures', () => {
    fc.assert(
      fc.property(failures, random, (failed, drawn) => {
        const pause = backoffMs({ policy: equal, failures: failed, random: drawn });
        expect(pause).toBeGreaterThanOrEqual(500);
        expect(pause).toBeLessThanOrEqual(60_000);
      }),
    );
  });

  it('never returns before what Retry-After asked for, nor much later', () => {
    fc.assert(
      fc.property(
        failures,
        random,
        fc.integer({ min: 1_000, max: 600_000 }),
        (failed, drawn, retryAfterMs) => {
          const pause = backoffMs({ policy: equal, failures: failed, random: drawn, retryAfterMs });
          expect(pause).toBeGreaterThanOrEqual(retryAfterMs);
          expect(pause).toBeLessThanOrEqual(Math.max(60_000, retryAfterMs + 5_000));
        },
      ),
    );
  });

  it('takes a wish of days for an hour, so that no timer overflows', () => {
    expect(backoffMs({ policy: equal, failures: 1, random: 0, retryAfterMs: 1e12 })).toBe(3_600_000);
  });

  it('keeps growing of its own when the server asks for less', () => {
    expect(backoffMs({ policy: equal, failures: 7, random: 0, retryAfterMs: 1_000 })).toBe(30_000);
  });
});
