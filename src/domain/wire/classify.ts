import type { SkipReason } from '../events.ts';
import { identityField } from '../identity.ts';
import { isUuid } from '../ids.ts';
import type { FileReference, InboxMessage } from '../message.ts';
import { isRecord } from '../record.ts';
import { type BroadcastText, broadcasterOf, isBroadcast, readBroadcastRow } from './broadcast.ts';
import { citedFiles, fileFacts, fileIdOf } from './file-parts.ts';
import { isFromPlatform, PLATFORM } from './platform-rows.ts';
import { type ActivityRow, readRow, type UnreadableRow } from './row.ts';
import { extractText } from './text.ts';

/** What a row of the feed is to this agent (protocol.md §4.5). */
export type Classified =
  | {
      readonly kind: 'chat';
      readonly row: ActivityRow;
      readonly message: InboxMessage;
      /** Whose words these are: order holds within one conversation. */
      readonly conversation: string;
      readonly cited: readonly FileReference[];
    }
  | { readonly kind: 'upload'; readonly row: ActivityRow; readonly upload: AnnouncedUpload }
  | { readonly kind: 'skipped'; readonly row: ActivityRow; readonly reason: SkipReason }
  | ({ readonly kind: 'unreadable' } & UnreadableRow);

/** What an upload row of the platform's exact shape says (§7.3). */
export interface AnnouncedUpload {
  /** A canonical UUID: safe in a request path. */
  readonly fileId: string;
  readonly uri: string;
  /** Sanitised. */
  readonly name: string;
  readonly mimeType: string;
  readonly size: number | null;
}

/** The canvas user's conversation; a peer's is its id. */
export const CANVAS = 'canvas';

/**
 * Tells what one raw row is. Never throws on what a stranger may have written.
 * Deliberately stricter than the reference: an upload row counts only in the platform's exact shape (W-35), an own echo
 * only without a `request_body` (W-36); whatever else bears those methods is somebody's message. `wholeOf` knows the whole
 * text of a broadcast where it was heard (§15.8).
 */
export function classifyRow(
  raw: unknown,
  workspaceId: string,
  wholeOf: (row: ActivityRow) => BroadcastText | null = () => null,
): Classified {
  const reading = readRow(raw);
  if (!reading.ok) return { kind: 'unreadable', ...reading.unreadable };
  const { row } = reading;
  if (isBroadcast(row)) return classifyBroadcast(row, wholeOf(row));
  if (row.activityType !== '' && row.activityType !== 'a2a_receive') return skipped(row, 'other_activity');
  if (isOwnEcho(row)) return skipped(row, 'own_echo');
  const upload = readUpload(row, workspaceId);
  if (upload) return { kind: 'upload', row, upload };
  if (row.sourceId?.toLowerCase() === workspaceId.toLowerCase()) {
    return row.method === 'delegate_result' ? classifyResult(row) : skipped(row, 'own_report');
  }
  if (isFromPlatform(row)) return classifyNotice(row);
  const [peerName, peerRole] = [identityField(row.peerName), identityField(row.peerRole)];
  return {
    kind: 'chat',
    row,
    message: {
      activity_id: row.id,
      text: extractText(row.requestBody, row.summary),
      peer_id: row.sourceId ?? '',
      kind: row.sourceId === null ? 'canvas_user' : 'peer_agent',
      method: row.method,
      created_at: row.createdAt,
      ...(peerName === null ? {} : { peer_name: peerName }),
      ...(peerRole === null ? {} : { peer_role: peerRole }),
    },
    conversation: row.sourceId?.toLowerCase() ?? CANVAS,
    cited: citedFiles(row.requestBody, workspaceId),
  };
}

/** Whether the row is the echo of the agent's own `notify` (§5.2). */
export function isOwnEcho(row: ActivityRow): boolean {
  return row.method === 'notify' && row.sourceId === null && row.requestBody === null;
}

/** The announced upload, if the row has exactly the shape that the platform itself writes (§7.3). */
function readUpload(row: ActivityRow, workspaceId: string): AnnouncedUpload | null {
  const { requestBody: body } = row;
  if (row.method !== 'chat_upload_receive' || row.sourceId !== null || !isUuid(row.id)) return null;
  if (!isRecord(body) || 'jsonrpc' in body || typeof body.uri !== 'string') return null;
  const fileId = fileIdOf(body.uri, workspaceId);
  if (fileId === null || fileId !== body.file_id) return null;
  const { name, mimeType = '', size = null } = fileFacts(body);
  return { fileId, uri: body.uri, name, mimeType, size };
}

/** A pushed delegation result (§8.4): the answer is in `response_body` (W-11); a queued envelope is none (§8.1). */
function classifyResult(row: ActivityRow): Classified {
  const reply = isRecord(row.responseBody) ? row.responseBody : {};
  const request = isRecord(row.requestBody) ? row.requestBody : {};
  const text = firstText(reply.text, reply.result);
  if (text !== null && isQueuedEnvelope(text)) return skipped(row, 'queued_envelope');
  const delegationId = firstText(reply.delegation_id, request.delegation_id);
  const failed = row.errorDetail !== null || row.status === 'error' || row.status === 'failed';
  return {
    kind: 'chat',
    row,
    message: {
      activity_id: row.id,
      text: text ?? row.errorDetail ?? extractText(row.requestBody, row.summary),
      peer_id: '',
      kind: 'delegation_result',
      method: row.method,
      created_at: row.createdAt,
      ...(delegationId === null ? {} : { delegation_id: delegationId }),
      ...(failed ? { error_detail: row.errorDetail ?? 'the delegation failed' } : {}),
    },
    conversation: 'delegations',
    cited: [],
  };
}

/** What the platform itself says (§15.15): nobody's chat, and no file belongs to it. */
function classifyNotice(row: ActivityRow): Classified {
  return {
    kind: 'chat',
    row,
    message: {
      activity_id: row.id,
      text: extractText(row.requestBody, row.summary),
      peer_id: '',
      kind: 'platform_notice',
      method: row.method,
      created_at: row.createdAt,
    },
    conversation: PLATFORM,
    cited: [],
  };
}

/** What somebody told everybody (§15.8): the whole text where it was heard, else what the row holds of it. */
function classifyBroadcast(row: ActivityRow, whole: BroadcastText | null): Classified {
  const held = readBroadcastRow(row);
  const name = broadcasterOf(whole, row);
  return {
    kind: 'chat',
    row,
    message: {
      activity_id: row.id,
      text: whole?.text ?? held.text,
      peer_id: row.sourceId ?? '',
      kind: 'broadcast',
      method: row.method,
      created_at: row.createdAt,
      ...(name === null ? {} : { peer_name: name }),
      ...(whole === null && held.cut ? { truncated: true as const } : {}),
    },
    conversation: row.sourceId?.toLowerCase() ?? '',
    cited: [],
  };
}

/** Whether a delegation's result is only the envelope that says that the task is queued (§8.1). */
export function isQueuedEnvelope(text: string): boolean {
  if (!text.startsWith('{')) return false;
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) && parsed.status === 'queued' && parsed.delivery_mode === 'poll';
  } catch {
    return false;
  }
}

function skipped(row: ActivityRow, reason: SkipReason): Classified {
  return { kind: 'skipped', row, reason };
}

function firstText(...values: readonly unknown[]): string | null {
  return values.find((value): value is string => typeof value === 'string' && value !== '') ?? null;
}
