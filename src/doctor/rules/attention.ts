import type { StoredEvent } from '../../domain/events.ts';
import { type Finding, ok, skipped, warning } from '../finding.ts';
import type { LogFacts } from '../probes/log.ts';

/** Connected but deaf: whether what is shown to the host is also taken. */
export function judgeAttention(log: LogFacts, nowMs: number): Finding {
  if (log.kind !== 'kept') return skipped(CHECK, 'nothing has arrived here yet');
  const waiting = [...log.state.inbox.values()];
  if (waiting.length === 0) return ok(CHECK, 'nothing waits');
  const offeredAt = offerTimes(log.events);
  const offered = waiting.filter(({ offeredIn }) => offeredIn.length > 0);
  const long = offered.filter(({ message }) => nowMs - (offeredAt.get(message.activity_id) ?? 0) > LONG_MS);
  const takenMs = lastTaken(log.events);
  const count = `${waiting.length} ${waiting.length === 1 ? 'message waits' : 'messages wait'}`;
  if (long.length === 0 || nowMs - takenMs <= LONG_MS) {
    return ok(CHECK, `${count}, ${offered.length} of them offered to the host`);
  }
  return warning(
    CHECK,
    `${long.length} offered, none taken in ${minutes(nowMs - Math.max(takenMs, oldest(long, offeredAt)))}`,
    'The host probably does not show channels: tell the agent to call wait_for_message, or start Claude Code with --dangerously-load-development-channels (docs/troubleshooting.md).',
  );
}

/** When each message was first offered, as far as the log still tells; what it no longer tells is long ago. */
function offerTimes(events: readonly StoredEvent[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const event of events) {
    if (event.type !== 'message.offered') continue;
    for (const id of event.data.activityIds) if (!times.has(id)) times.set(id, Date.parse(event.at));
  }
  return times;
}

function lastTaken(events: readonly StoredEvent[]): number {
  return events.reduce((last, event) => (event.type === 'message.popped' ? Date.parse(event.at) : last), 0);
}

function oldest(
  waiting: readonly { readonly message: { readonly activity_id: string } }[],
  offeredAt: ReadonlyMap<string, number>,
): number {
  return Math.min(...waiting.map(({ message }) => offeredAt.get(message.activity_id) ?? 0));
}

function minutes(ms: number): string {
  const count = Math.floor(ms / 60_000);
  if (count < 120) return `${count} minutes`;
  return count < 2 * 24 * 60 ? `${Math.floor(count / 60)} hours` : 'days';
}

const CHECK = 'attention';
const LONG_MS = 600_000;
