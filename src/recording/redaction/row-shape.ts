import { isRecord } from '../../domain/record.ts';
import { leadOf, readBroadcastRow } from '../../domain/wire/broadcast.ts';
import { isQueuedEnvelope } from '../../domain/wire/classify.ts';
import type { Leaves } from './leaves.ts';
import { blank, count, fields, listOf, masked, type Shape } from './shape.ts';

/** What may be told of a row of the activity feed as served (protocol.md §4.3, §6.4, §7.3, §8.4, §15.8, §15.15). */
export function rowShape(leaves: Leaves): Shape {
  const { id, time, oneOf, text, personName, nameOf } = leaves;
  const parts = partsShape(leaves);
  const answer = resultOf(text);
  const row = {
    id,
    workspace_id: id,
    activity_type: oneOf(ACTIVITIES),
    source_id: id,
    target_id: id,
    method: oneOf(METHODS),
    summary: text,
    status: oneOf(STATUSES),
    duration_ms: count,
    error_detail: text,
    created_at: time,
    seq: count,
    peer_name: personName,
    peer_role: personName,
    request_body: bodyOf(requestShape(leaves, parts)),
    response_body: bodyOf(fields({ parts, delegation_id: id, text: answer, result: answer })),
  };
  const anyRow = fields(row);
  return (value) => {
    if (!isRecord(value) || value.activity_type !== 'broadcast_receive') return anyRow(value);
    const summary: Shape = (told) => broadcastSummary(told, value.peer_name, nameOf);
    return fields({ ...row, summary })(value);
  };
}

/** A JSON-RPC envelope, or an upload's flat manifest. */
function requestShape(leaves: Leaves, parts: Shape): Shape {
  const { id, oneOf } = leaves;
  const message = fields({
    role: oneOf(['user', 'agent']),
    messageId: id,
    parts,
    metadata: fields({ source: oneOf(SOURCES), delegation_id: id }),
  });
  const metadata = fields({ source: oneOf(SOURCES), wake_idempotency_key: id });
  return fields({
    jsonrpc: oneOf(['2.0']),
    method: oneOf(METHODS),
    params: fields({ message, parts, metadata }),
    parts,
    ...fileFields(leaves),
    file_id: id,
    delegation_id: id,
  });
}

function partsShape(leaves: Leaves): Shape {
  const kind = leaves.oneOf(PART_KINDS);
  return listOf(fields({ kind, type: kind, text: leaves.text, file: fields(fileFields(leaves)) }));
}

function fileFields({ address, fileName, mediaType }: Leaves) {
  return { uri: address, name: fileName, size: count, mimeType: mediaType, mime_type: mediaType };
}

/** A body that comes as a string counts as what it holds (C1-30); masked it would be no body any more. */
function bodyOf(shape: Shape): Shape {
  return (value) => {
    const told = shape(typeof value === 'string' ? decoded(value) : value);
    return typeof told === 'string' ? JSON.stringify(told) : told;
  };
}

/** A result that is none, since the task is queued (§8.1), is told by its text. */
function resultOf(text: Shape): Shape {
  return (value) => (typeof value === 'string' && isQueuedEnvelope(value) ? QUEUED_ENVELOPE : text(value));
}

/** `Broadcast from <name>: <text>`; of a text that goes on elsewhere the mark stays that says so. */
function broadcastSummary(summary: unknown, name: unknown, nameOf: Leaves['nameOf']): unknown {
  if (typeof summary !== 'string') return blank(summary);
  const { lead, text, cut } = readBroadcastRow({ summary, peerName: typeof name === 'string' ? name : null });
  const sender = lead.slice(leadOf('').length - SEPARATOR.length, -SEPARATOR.length);
  const told = cut ? `${masked(text.slice(0, -1))}…` : masked(text);
  return lead === '' ? told : `${leadOf(nameOf(sender))}${told}`;
}

function decoded(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

const SEPARATOR = ': ';
const QUEUED_ENVELOPE = '{"status":"queued","delivery_mode":"poll"}';

const SOURCES = ['platform', 'canvas_user'];
const PART_KINDS = ['text', 'file', 'data', 'image', 'audio', 'video'];
/** The methods that say what a row is. */
export const METHODS: readonly string[] = [
  ...['message/send', 'message/stream', 'notify', 'chat_upload_receive', 'delegate', 'delegate_result'],
];
const ACTIVITIES = [
  ...['a2a_receive', 'a2a_send', 'task_update', 'agent_log', 'skill_promotion', 'memory_write', 'error'],
  ...['delegation', 'broadcast_receive', 'broadcast_sent'],
];
const STATUSES = [
  ...['ok', 'error', 'timeout', 'skipped', 'pending', 'dispatched', 'queued', 'completed', 'failed'],
];
