import type { StoredEvent } from '../domain/events.ts';
import type { Frame } from '../domain/inbox/frame.ts';
import type { InboxMessage } from '../domain/message.ts';
import { isRecord } from '../domain/record.ts';

/**
 * The same frame without what anybody wrote: message text, summaries, errors and reasons, and every string in a row's
 * bodies that is not needed to tell what the row is. Ids, times, methods, file names and sizes stay.
 */
export function withoutText(frame: Frame): Frame {
  switch (frame.type) {
    case 'row.served':
      return { ...frame, data: { row: blankRow(frame.data.row) } };
    case 'event.appended':
      return { ...frame, data: { event: blankEvent(frame.data.event) } };
    case 'ledger.opened': {
      const { state } = frame.data;
      const blanked = <Held extends { readonly message: InboxMessage }>(held: Held): Held => ({
        ...held,
        message: blankMessage(held.message),
      });
      return {
        ...frame,
        data: { state: { ...state, held: state.held.map(blanked), inbox: state.inbox.map(blanked) } },
      };
    }
    default:
      return frame;
  }
}

function blankEvent(event: StoredEvent): StoredEvent {
  if (event.type === 'message.received')
    return { ...event, data: { ...event.data, message: blankMessage(event.data.message) } };
  if (event.type === 'row.unreadable') return { ...event, data: { ...event.data, reason: BLANK } };
  return event;
}

function blankMessage(message: InboxMessage): InboxMessage {
  return {
    ...message,
    text: BLANK,
    ...(message.error_detail === undefined ? {} : { error_detail: BLANK }),
  };
}

function blankRow(row: unknown): unknown {
  if (!isRecord(row)) return BLANK;
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, FIELDS.has(key) ? value : blank(value, key)]),
  );
}

/** A body as a string is decoded first: blanking it whole would make the row another one. */
function blank(value: unknown, key: string): unknown {
  if (typeof value === 'string') return key.endsWith('_body') ? blank(decoded(value), '') : BLANK;
  if (Array.isArray(value)) return value.map((item) => blank(item, ''));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      KEPT.has(name) && typeof inner === 'string' ? inner : blank(inner, name),
    ]),
  );
}

function decoded(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'string' ? null : value;
  } catch {
    return null;
  }
}

/** What a row is told by. */
const FIELDS: ReadonlySet<string> = new Set([
  'id',
  'workspace_id',
  'activity_type',
  'source_id',
  'target_id',
  'method',
  'status',
  'created_at',
  'seq',
  'duration_ms',
]);
/** What a body is told by (§6, §7.3, §8.4). */
const KEPT: ReadonlySet<string> = new Set([
  'jsonrpc',
  'method',
  'id',
  'messageId',
  'contextId',
  'role',
  'kind',
  'type',
  'uri',
  'file_id',
  'name',
  'mimeType',
  'delegation_id',
  'status',
  'delivery_mode',
]);
const BLANK = '[redacted]';
