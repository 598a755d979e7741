import type { StoredEvent } from '../../src/domain/events.ts';
import type { InboxState } from '../../src/domain/inbox/inbox-state.ts';
import type { MessageKind } from '../../src/domain/message.ts';
import { isRecord } from '../../src/domain/record.ts';
import { toMicros } from '../../src/domain/time.ts';

/**
 * What has gone through a workspace's pipeline since the state was told that its counts begin at: each row that came is
 * being taken in or became what it is to the agent, and each message waited at first, or came since, and waits or was popped.
 */
export interface Flow {
  /** When it began. */
  readonly since: string;
  /** Messages that were at the barrier or in the inbox then. */
  readonly waitedAtFirst: number;
  /** Whether rows are told of: an event log holds none, only what came of them. */
  readonly tellsRows: boolean;
  /** Rows that were served and that the log has not spoken of. */
  readonly rowsOnTheirWay: Set<string>;
  messages: number;
  files: number;
  skipped: number;
  /** Messages that no row brought: requests, late answers, notices of files. */
  rowless: number;
  /** Messages that were offered for the first time in their session. */
  offered: number;
  popped: number;
}

/** Nothing has gone through since then. */
export function createFlow(since: string, tellsRows: boolean, { held, inbox }: Readonly<InboxState>): Flow {
  return {
    since,
    waitedAtFirst: held.size + inbox.size,
    tellsRows,
    rowsOnTheirWay: new Set(),
    messages: 0,
    files: 0,
    skipped: 0,
    rowless: 0,
    offered: 0,
    popped: 0,
  };
}

/** The same, to go on from without changing it. */
export function copyFlow(flow: Flow): Flow {
  return { ...flow, rowsOnTheirWay: new Set(flow.rowsOnTheirWay) };
}

/** The rows that came. */
export function rowsIn({ messages, files, skipped, rowsOnTheirWay }: Flow): number {
  return messages + files + skipped + rowsOnTheirWay.size;
}

/**
 * Takes a row in as it is served. The feed is read over and over: what the log knows already has come before, and what is
 * older than its memory counts as known.
 */
export function noteRow(flow: Flow, row: unknown, { seen, feed }: Readonly<InboxState>): void {
  if (!isRecord(row) || typeof row.id !== 'string' || seen.has(row.id)) return;
  const atMicros = typeof row.created_at === 'string' ? toMicros(row.created_at) : null;
  if (atMicros === null || atMicros >= (feed?.floorMicros ?? 0)) flow.rowsOnTheirWay.add(row.id);
}

/** Takes an event in; `state` is that before it. */
export function noteEvent(flow: Flow, event: StoredEvent, state: Readonly<InboxState>): void {
  switch (event.type) {
    case 'message.received':
      if (isByRow(flow, event.data.row.id, event.data.message.kind)) flow.messages += 1;
      else flow.rowless += 1;
      break;
    case 'upload.announced':
      if (event.data.row !== null && isByRow(flow, event.data.row.id)) flow.files += 1;
      break;
    case 'row.skipped':
    case 'row.unreadable':
      if (isByRow(flow, event.data.row.id)) flow.skipped += 1;
      break;
    case 'message.offered':
      flow.offered += event.data.activityIds.filter((id) => {
        const waiting = state.inbox.get(id);
        return waiting !== undefined && !waiting.offeredIn.includes(event.data.session);
      }).length;
      break;
    case 'message.popped':
      if (state.inbox.has(event.data.activityId)) flow.popped += 1;
  }
}

function isByRow({ tellsRows, rowsOnTheirWay }: Flow, rowId: string, kind?: MessageKind): boolean {
  return tellsRows ? rowsOnTheirWay.delete(rowId) : kind !== 'request' && kind !== 'upload_notice';
}
