import type { Attempt } from '../attempt.ts';
import { type Finding, ok, warning } from '../finding.ts';

/** Whether new messages are announced at once. Without it they are only later, so this never fails. */
export function judgeWakeUps(stream: Attempt<'opened'>, pollSecs: number): Finding {
  if (stream.ok) return ok(CHECK, 'opens: messages come at once');
  return warning(
    CHECK,
    `${stream.error.message}; messages come up to ${pollSecs} s later`,
    'A proxy or firewall may cut long-lived replies: let it pass text/event-stream unbuffered.',
  );
}

const CHECK = 'wake-up stream';
