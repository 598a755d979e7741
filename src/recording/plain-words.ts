import { isUuid } from '../domain/ids.ts';
import { toMicros } from '../domain/time.ts';
import { EMPTY_MESSAGE } from '../domain/wire/text.ts';

/** Whether a string of a row, an event or a state can hold nobody's words: an id, a time, a word of the protocol. */
export function isPlain(value: string): boolean {
  return WORDS.has(value) || isUuid(value) || PENDING.test(value) || isTime(value);
}

/** The keys of a row and its bodies by which it is told what it is (§4.3, §6, §7.3, §8.4, §15.15). */
export const ROW_KEYS: ReadonlySet<string> = new Set([
  ...['id', 'workspace_id', 'activity_type', 'source_id', 'target_id', 'method', 'status', 'created_at'],
  ...['seq', 'duration_ms', 'summary', 'error_detail', 'peer_name', 'peer_role', 'request_body'],
  ...['response_body', 'jsonrpc', 'params', 'message', 'messageId', 'contextId', 'role', 'parts', 'kind'],
  ...['type', 'text', 'file', 'uri', 'name', 'mimeType', 'mime_type', 'size', 'file_id', 'metadata'],
  ...['source', 'wake_idempotency_key', 'delegation_id', 'delivery_mode', 'result'],
]);

function isTime(value: string): boolean {
  return value.length <= MAX_TIME_CHARS && toMicros(value) !== null;
}

/** Words that the platform and this program write; whoever writes one of them into a message gives nothing away. */
const WORDS: ReadonlySet<string> = new Set([
  '',
  ...['a2a_receive', 'a2a_send', 'agent_log', 'task_update', 'broadcast_receive', 'broadcast_sent'],
  ...['message/send', 'message/stream', 'notify', 'chat_upload_receive', 'delegate', 'delegate_result'],
  ...['ok', 'error', 'failed', 'queued', 'pending', 'completed', 'dispatched', 'poll', 'push', '2.0'],
  ...['user', 'agent', 'text', 'file', 'data', 'message', 'platform', 'canvas', 'canvas_user'],
  ...['peer_agent', 'delegation_result', 'upload_notice', 'platform_notice', 'broadcast', 'request'],
  ...['delegations', 'requests', 'files', 'task', 'approval', 'unknown', 'accepted', 'refused', 'removed'],
  ...['backlog', 'imported', 'unread', 'pop', 'answer', 'staged', 'expired', 'too_large'],
  ...['own_echo', 'own_report', 'own_upload', 'queued_envelope', 'known_upload', 'other_activity'],
  ...['acknowledged', 'feed', 'heartbeat', 'register', 'confirm', 'wakeUps', 'no id', 'not an object'],
  ...['no readable created_at', 'the delegation failed', EMPTY_MESSAGE],
]);
const PENDING = /^platform-pending:[0-9a-f-]{36}\/[0-9a-f-]{36}$/;
const MAX_TIME_CHARS = 40;
