import type { StoredEvent } from '../../domain/events.ts';
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
  const firstOffered = offerTimes(log.events);
  const offered = waiting.filter(({ offeredIn }) => offeredIn.length > 0);
  const deafness = describeDeafness({
    // What the log no longer tells is long ago.
    offeredAtMs: offered.map(({ message }) => firstOffered.get(message.activity_id) ?? 0),
    takenAtMs: Math.max(lastPopped(log.events), lastReadAt === null ? 0 : Date.parse(lastReadAt)),
    nowMs,
  });
  if (deafness !== null) return warning(CHECK, deafness, HOW_TO_BE_HEARD);
  const count = `${waiting.length} ${waiting.length === 1 ? 'message waits' : 'messages wait'}`;
  return ok(CHECK, `${count}, ${offered.length} of them offered to the host`);
}

/** When each message was first offered, as far as the log still tells. */
function offerTimes(events: readonly StoredEvent[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const event of events) {
    if (event.type !== 'message.offered') continue;
    for (const id of event.data.activityIds) if (!times.has(id)) times.set(id, Date.parse(event.at));
  }
  return times;
}

function lastPopped(events: readonly StoredEvent[]): number {
  return events.reduce((last, event) => (event.type === 'message.popped' ? Date.parse(event.at) : last), 0);
}

const CHECK = 'attention';
