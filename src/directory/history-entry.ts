import { rewriteUris } from '../domain/files/rewrite-uris.ts';
import { localUri, toAttachment, type Upload } from '../domain/files/upload.ts';
import { jsonText } from '../domain/json-text.ts';
import type { FileReference } from '../domain/message.ts';
import type { HistoryEntry } from '../domain/ports/agent.ts';
import { isRecord } from '../domain/record.ts';
import { citedFiles, fileIdOf } from '../domain/wire/file-parts.ts';
import { isQueuedText } from '../domain/wire/peer-reply.ts';
import { type ActivityRow, readRow } from '../domain/wire/row.ts';
import { EMPTY_MESSAGE, extractText } from '../domain/wire/text.ts';

/** What the log knows of a file of this workspace. */
export type FindUpload = (fileId: string) => Upload | null;

/** A row of the conversation with a peer (§4.3); null for what cannot be read and for a mere receipt (§8.1). */
export function readPeerEntry(
  raw: unknown,
  workspaceId: string,
  findUpload: FindUpload,
): HistoryEntry | null {
  const reading = readRow(raw);
  if (!reading.ok) return null;
  const { row } = reading;
  const own = row.sourceId?.toLowerCase() === workspaceId.toLowerCase();
  const answer = row.method === 'delegate_result' || (own && row.activityType === 'a2a_receive');
  const text = textOf(row);
  if (isQueuedText(text)) return null;
  return entryOf(row, own && !answer ? 'to_peer' : 'from_peer', text, workspaceId, findUpload);
}

/** A row of the conversation with the user; null for uploads, which their message shows, and for what is not said. */
export function readUserEntry(
  raw: unknown,
  workspaceId: string,
  findUpload: FindUpload,
): HistoryEntry | null {
  const reading = readRow(raw);
  if (!reading.ok || reading.row.sourceId !== null) return null;
  const { row } = reading;
  if (row.method === 'chat_upload_receive') return null;
  const echo = row.method === 'notify' && row.requestBody === null;
  return entryOf(row, echo ? 'to_user' : 'from_user', textOf(row), workspaceId, findUpload);
}

/** A message of the newer platform's own chat history (§15.1); null for what cannot be read. */
export function readChatMessage(
  raw: unknown,
  workspaceId: string,
  findUpload: FindUpload,
): HistoryEntry | null {
  if (!isRecord(raw) || typeof raw.id !== 'string' || typeof raw.timestamp !== 'string') return null;
  const parts = Array.isArray(raw.attachments)
    ? raw.attachments.map((file: unknown) => ({ kind: 'file', file }))
    : [];
  return {
    activity_id: raw.id.replace(/:(user|agent)$/, ''),
    created_at: raw.timestamp,
    direction: raw.role === 'user' ? 'from_user' : raw.role === 'agent' ? 'to_user' : 'notice',
    ...shortened(typeof raw.content === 'string' ? raw.content : ''),
    ...attachmentsOf(citedFiles({ parts }, workspaceId), findUpload),
  };
}

function entryOf(
  row: ActivityRow,
  direction: HistoryEntry['direction'],
  text: string,
  workspaceId: string,
  findUpload: FindUpload,
): HistoryEntry {
  const files = [...citedFiles(row.requestBody, workspaceId), ...citedFiles(row.responseBody, workspaceId)];
  return {
    activity_id: row.id,
    created_at: row.createdAt,
    direction,
    ...shortened(text),
    ...(row.method === '' ? {} : { method: row.method }),
    ...(row.status === '' || row.status === 'ok' ? {} : { status: row.status }),
    ...(row.errorDetail === null ? {} : { error_detail: shortened(row.errorDetail).text }),
    ...attachmentsOf(files, findUpload),
    ...(text === '' || text === row.summary ? bodyOf(row.requestBody, workspaceId, findUpload) : {}),
  };
}

/** What a peer sent in a shape of its own, such as data parts, with the files that are here under their local URIs. */
function bodyOf(body: unknown, workspaceId: string, findUpload: FindUpload): { readonly body?: unknown } {
  if (!isRecord(body)) return {};
  const local = rewriteUris(body, (uri) => {
    const fileId = fileIdOf(uri, workspaceId);
    const outcome = fileId === null ? undefined : findUpload(fileId)?.outcome;
    return outcome?.status === 'staged' ? localUri(outcome.path) : null;
  });
  return isShort(local) ? { body: local } : {};
}

/** What is nested too deep to be written is far too long as well. */
function isShort(body: unknown): boolean {
  const json = jsonText(body);
  return json !== null && json.length <= MOST_CHARS;
}

/** What was said, wherever the many kinds of rows keep it (§5, §6.5, §8.1). */
function textOf({ requestBody, responseBody, errorDetail, summary }: ActivityRow): string {
  const said = extractText(requestBody, null);
  if (said !== EMPTY_MESSAGE) return said;
  const fields = [
    isRecord(responseBody) ? responseBody.text : null,
    isRecord(responseBody) ? responseBody.result : null,
    isRecord(requestBody) ? requestBody.task : null,
    errorDetail,
    summary,
  ];
  return fields.find((field): field is string => typeof field === 'string' && field !== '') ?? '';
}

function shortened(text: string): { readonly text: string; readonly cut_from_chars?: number } {
  if (text.length <= MOST_CHARS) return { text };
  return { text: `${text.slice(0, MOST_CHARS)}…`, cut_from_chars: text.length };
}

/** Files as messages show them: with their local paths where they are here (W-66). */
function attachmentsOf(files: readonly FileReference[], findUpload: FindUpload) {
  if (files.length === 0) return {};
  const attachments = files.map((file) => {
    const outcome = file.fileId === null ? null : (findUpload(file.fileId)?.outcome ?? null);
    return toAttachment(file, outcome ?? { status: 'failed', reason: 'it is not on this machine' });
  });
  return { attachments };
}

const MOST_CHARS = 4_000;
