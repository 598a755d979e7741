import type { SkipReason } from './events.ts';
import { citedFiles } from './file-parts.ts';
import { isCanonicalUuid, isUuid } from './ids.ts';
import type { FileReference, InboxMessage } from './message.ts';
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
  readonly name: string;
  readonly mimeType: string;
  readonly size: number | null;
}

/** The canvas user's conversation; a peer's is its id. */
export const CANVAS = 'canvas';

/**
 * Tells what one raw row is. Never throws on what a stranger may have written.
 * Deliberately stricter than the reference: an upload row counts only in the platform's exact shape (W-35), an own echo
 * only without a `request_body` (W-36); whatever else bears those methods is somebody's message.
 */
export function classifyRow(raw: unknown, workspaceId: string): Classified {
  const reading = readRow(raw);
  if (!reading.ok) return { kind: 'unreadable', ...reading.unreadable };
  const { row } = reading;
  if (row.activityType !== '' && row.activityType !== 'a2a_receive') return skipped(row, 'other_activity');
  if (isOwnEcho(row)) return skipped(row, 'own_echo');
  const upload = readUpload(row, workspaceId);
  if (upload) return { kind: 'upload', row, upload };
  if (row.sourceId?.toLowerCase() === workspaceId.toLowerCase()) {
    return row.method === 'delegate_result' ? classifyResult(row) : skipped(row, 'own_report');
  }
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
      ...(row.peerName ? { peer_name: row.peerName } : {}),
      ...(row.peerRole ? { peer_role: row.peerRole } : {}),
    },
    conversation: row.sourceId?.toLowerCase() ?? CANVAS,
    cited: citedFiles(row.requestBody, workspaceId),
  };
}

/** Whether the row is the echo of the agent's own `notify` (§5.2). */
function isOwnEcho(row: ActivityRow): boolean {
  return row.method === 'notify' && row.sourceId === null && row.requestBody === null;
}

/** The announced upload, if the row has exactly the shape that the platform itself writes (§7.3). */
function readUpload(row: ActivityRow, workspaceId: string): AnnouncedUpload | null {
  if (row.method !== 'chat_upload_receive' || row.sourceId !== null || !isUuid(row.id)) return null;
  const body = asRecord(row.requestBody);
  if (!body || 'jsonrpc' in body || !isCanonicalUuid(body.file_id)) return null;
  const uri = `platform-pending:${workspaceId.toLowerCase()}/${body.file_id}`;
  if (body.uri !== uri) return null;
  return {
    fileId: body.file_id,
    uri,
    name: typeof body.name === 'string' && body.name.trim() !== '' ? body.name : 'file',
    mimeType: typeof body.mimeType === 'string' ? body.mimeType : '',
    size:
      typeof body.size === 'number' && Number.isSafeInteger(body.size) && body.size >= 0 ? body.size : null,
  };
}

/** A pushed delegation result (§8.4): the answer is in `response_body` (W-11); a queued envelope is none (§8.1). */
function classifyResult(row: ActivityRow): Classified {
  const reply = asRecord(row.responseBody);
  const request = asRecord(row.requestBody);
  const text = firstText(reply?.text, reply?.result);
  if (text !== null && isQueuedEnvelope(text)) return skipped(row, 'queued_envelope');
  const delegationId = firstText(reply?.delegation_id, request?.delegation_id);
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

function isQueuedEnvelope(text: string): boolean {
  if (!text.startsWith('{')) return false;
  try {
    const parsed = asRecord(JSON.parse(text));
    return parsed?.status === 'queued' && parsed.delivery_mode === 'poll';
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

function asRecord(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
