import { describeDeafness, HOW_TO_BE_HEARD } from '../../domain/inbox/deafness.ts';
import { type Finding, ok, skipped, warning } from '../finding.ts';
import type { LogFacts } from '../probes/log.ts';

/**
 * Connected but deaf: whether what is shown to the host is also taken. `lastReadAt`: when an agent last read the inbox,
 * if a window runs that knows.
 */
export function judgeAttention(log: LogFacts, lastReadAt: string | null, nowMs: number): Finding {
  if (log.kind !== 'kept') return skipped(CHECK, 'nothing has arrived here yet');
  const waiting = [...log.state.inbox.values()];
  if (waiting.length === 0) return ok(CHECK, 'nothing waits');
  const offered = waiting.filter(({ offeredIn }) => offeredIn.length > 0);
  const deafness = describeDeafness({
    offeredAtMs: offered.flatMap(({ offeredAtMs }) => offeredAtMs ?? []),
    takenAtMs: Math.max(log.state.poppedAtMs, lastReadAt === null ? 0 : Date.parse(lastReadAt)),
    nowMs,
  });
  if (deafness !== null) return warning(CHECK, deafness, HOW_TO_BE_HEARD);
  const count = `${waiting.length} ${waiting.length === 1 ? 'message waits' : 'messages wait'}`;
  return ok(CHECK, `${count}, ${offered.length} of them offered to the host`);
}

const CHECK = 'attention';
