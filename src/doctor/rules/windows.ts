import { type Finding, ok, warning } from '../finding.ts';
import type { WindowFacts } from '../probes/windows.ts';

/** Whether anybody is at work for a workspace on this machine. */
export function judgeWindows({ windows, delivering }: WindowFacts): Finding {
  if (windows === 0) {
    return warning(
      CHECK,
      'no window runs: nothing arrives until a host starts molecule-inbox',
      'Start your host; `molecule-inbox init` shows how it is told about this program.',
    );
  }
  const count = windows === 1 ? 'one window' : `${windows} windows`;
  if (!delivering) {
    return warning(CHECK, `${count}, and the one that delivers does not answer`, 'Restart your hosts.');
  }
  const { pid, status } = delivering;
  const says = `${count}; process ${pid} delivers: ${status.phase}, last poll ${status.lastPollAt ?? 'never'}`;
  if (status.lastError === null) return ok(CHECK, says);
  return warning(
    CHECK,
    `${says}; last error: ${status.lastError}`,
    'The other checks tell what is behind it.',
  );
}

const CHECK = 'windows';
