import { describe, expect, it } from 'vitest';
import { judgeAttempt } from '../../../src/domain/network/auth-escalation.ts';

function levels(statuses: readonly (number | null)[]) {
  let refusals = 0;
  return statuses.map((status) => {
    const standing = judgeAttempt(refusals, status);
    refusals = standing.refusals;
    return standing.level;
  });
}

describe('judgeAttempt', () => {
  it('raises the alarm at the third refusal and reminds every twentieth', () => {
    const loud = levels(Array<number>(64).fill(401)).flatMap((level, index) =>
      level === 'error' ? [index + 1] : [],
    );
    expect(loud).toEqual([3, 23, 43, 63]);
    expect(levels([401, 403, 401, 401])).toEqual(['warning', 'warning', 'error', null]);
  });

  it('counts on over an outage and starts again after a success', () => {
    expect(levels([401, null, 503, 401, 401])).toEqual(['warning', 'warning', 'warning', 'warning', 'error']);
    expect(levels([401, 401, 200, 401])).toEqual(['warning', 'warning', null, 'warning']);
  });

  it('does not take a redirect for a success (W-50)', () => {
    expect(levels([401, 401, 302, 401])).toEqual(['warning', 'warning', 'warning', 'error']);
  });
});
