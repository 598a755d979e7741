import * as z from 'zod';
import { judgeAttempt } from '../../../src/domain/network/auth-escalation.ts';
import { vectorKind } from '../kind.ts';

/** What each heartbeat of a series is reported as; whatever is no status is a broken connection. */
export const heartbeatEscalationKind = vectorKind({
  input: z.array(z.number().int().min(100).max(599).nullable().catch(null)),
  answer: (statuses) => {
    let refusals = 0;
    return statuses.map((status) => {
      const standing = judgeAttempt(refusals, status);
      refusals = standing.refusals;
      return standing.level === null ? [] : [standing.level];
    });
  },
  differences: [
    {
      reason: 'a redirect is no success: it is reported and resets nothing (W-50)',
      applies: (statuses) => statuses.some(isRedirect),
      promises: (answer, _expected, statuses) =>
        statuses.every((status, index) => !isRedirect(status) || answer[index]?.[0] === 'warning'),
    },
  ],
});

function isRedirect(status: number | null): boolean {
  return status !== null && status >= 300 && status < 400;
}
