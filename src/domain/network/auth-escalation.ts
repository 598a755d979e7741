/** How loudly one attempt is reported; null: not at all. */
export type ReportLevel = 'warning' | 'error' | null;

/** Refusals so far and what the last attempt asks for. */
export interface AuthStanding {
  /** 401 and 403 since the last success; an outage in between neither adds nor resets. */
  readonly refusals: number;
  readonly level: ReportLevel;
}

/**
 * Judges one attempt (a heartbeat, a poll) by its HTTP status, null for no reply at all. A refused credential is a
 * warning twice, an error the third time (the token is revoked or the workspace gone), and an error again every 20th time:
 * loud once, a reminder every few minutes, never a flood. Any other failure is a warning that leaves the count.
 */
export function judgeAttempt(refusals: number, status: number | null): AuthStanding {
  if (status === 401 || status === 403) {
    const count = refusals + 1;
    return { refusals: count, level: levelOf(count) };
  }
  // A redirect is a misconfiguration and proves nothing about the credential (W-50).
  const accepted = status !== null && status < 300;
  return accepted ? { refusals: 0, level: null } : { refusals, level: 'warning' };
}

function levelOf(refusals: number): ReportLevel {
  if (refusals < ALARM_AT) return 'warning';
  return (refusals - ALARM_AT) % REMIND_EVERY === 0 ? 'error' : null;
}

const ALARM_AT = 3;
const REMIND_EVERY = 20;
