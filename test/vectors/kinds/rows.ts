import * as z from 'zod';
import { isRecord } from '../../../src/domain/record.ts';
import { toMicros } from '../../../src/domain/time.ts';
import { type Classified, classifyRow, isOwnEcho } from '../../../src/domain/wire/classify.ts';
import { readRow } from '../../../src/domain/wire/row.ts';
import { type TypedDifference, vectorKind } from '../kind.ts';

/** The workspace that the reference polled when the cases were recorded. */
const WORKSPACE_ID = 'aaaaaaaa-0000-4000-8000-000000000001';

/** What a row is: `chat`, `upload`, `self_notify` or `skip`. */
export const classifyKind = vectorKind({
  input: z.unknown(),
  answer: (raw) => inReferenceWords(classifyRow(raw, WORKSPACE_ID)),
  differences: [
    onRows(
      'a row without an id that is text can be neither kept nor popped: it is counted and passed (W-23)',
      (row) => typeof row.id !== 'string' || row.id === '' || row.id.length > 200,
      'skip',
    ),
    onRows(
      'a row without a readable time has no place in the feed: it is counted and passed',
      (row) => typeof row.created_at !== 'string' || toMicros(row.created_at) === null,
      'skip',
    ),
    onRows(
      'a row of another activity type is not for the inbox',
      (row) => Boolean(row.activity_type) && row.activity_type !== 'a2a_receive',
      'skip',
    ),
    onRows(
      "an upload row counts only in the platform's exact shape; anything else is a message (W-35, W-36)",
      (row) => row.method === 'chat_upload_receive' && !isPlatformUpload(row),
      'chat',
    ),
    onRows(
      "a notify with a request_body is somebody's message, not our echo (W-36)",
      (row) => row.method === 'notify' && !row.source_id && Boolean(row.request_body),
      'chat',
    ),
    onRows(
      "the agent's own reports do not come back as messages (W-10)",
      (row) => isOwn(row) && row.method !== 'delegate_result',
      'skip',
    ),
    onRows(
      'a queued envelope is no answer to a delegation',
      (row) => isOwn(row) && row.method === 'delegate_result' && JSON.stringify(row).includes('queued'),
      'skip',
    ),
  ],
});

/** Whether a row is the echo of the agent's own notify. */
export const selfNotifyKind = vectorKind({
  input: z.record(z.string(), z.unknown()),
  answer: (row) => {
    // The cases leave out what the guard does not look at; a row has it.
    const reading = readRow({ id: WORKSPACE_ID, created_at: '2026-05-01T00:00:00Z', ...row });
    return reading.ok && isOwnEcho(reading.row);
  },
  differences: [
    {
      reason: "a notify with a request_body is somebody's message, not our echo (W-36)",
      applies: (row) => row.method === 'notify' && !row.source_id && Boolean(row.request_body),
      promises: (answer) => answer === false,
    },
  ],
});

function inReferenceWords(classified: Classified): string {
  if (classified.kind === 'chat' || classified.kind === 'upload') return classified.kind;
  return classified.kind === 'skipped' && classified.reason === 'own_echo' ? 'self_notify' : 'skip';
}

function onRows(
  reason: string,
  applies: (row: Readonly<Record<string, unknown>>) => boolean,
  promised: 'chat' | 'skip',
): TypedDifference<unknown, string> {
  return {
    reason,
    applies: (raw) => isRecord(raw) && applies(raw),
    promises: (answer) => answer === promised,
  };
}

function isOwn(row: Readonly<Record<string, unknown>>): boolean {
  return row.source_id === WORKSPACE_ID;
}

/** §7.3, written out once more: a predicate that called the product's own rule could not catch it out. */
function isPlatformUpload(row: Readonly<Record<string, unknown>>): boolean {
  const decoded = z.record(z.string(), z.unknown()).safeParse(decode(row.request_body));
  if (!decoded.success || row.source_id || 'jsonrpc' in decoded.data) return false;
  const { file_id: fileId, uri } = decoded.data;
  if (!z.uuid().safeParse(row.id).success || !z.uuid().safeParse(fileId).success) return false;
  return uri === `platform-pending:${WORKSPACE_ID}/${fileId}`;
}

function decode(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
