/** Rows as the platform serves them (protocol.md §4.3), for tests of what is made of them. */

/** The workspace under test. */
export const OWN = 'aaaaaaaa-0000-4000-8000-000000000001';

/** A peer agent's workspace. */
export const PEER = 'bbbbbbbb-0000-4000-8000-000000000009';

/** A canonical id of a row or a file, by number. */
export function idOf(number: number, kind: 'row' | 'file' = 'row'): string {
  return `${kind === 'row' ? 'cccccccc' : 'dddddddd'}-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** The time of the `second`th second of the test's day, microseconds included when given. */
export function at(second: number, micros = 0): string {
  return `${new Date(Date.UTC(2026, 4, 5) + second * 1000).toISOString().slice(0, 19)}.${String(micros).padStart(6, '0')}Z`;
}

/** A chat row; `over` replaces fields. */
export function chatRow(number: number, text: string, over: Readonly<Record<string, unknown>> = {}) {
  return {
    id: idOf(number),
    workspace_id: OWN,
    activity_type: 'a2a_receive',
    source_id: null,
    target_id: OWN,
    method: 'message/send',
    summary: 'message/send → agent (queued for poll)',
    duration_ms: null,
    status: 'ok',
    error_detail: null,
    created_at: at(number),
    request_body: envelope([{ kind: 'text', text }]),
    ...over,
  };
}

/** The JSON-RPC envelope around a message's parts. */
export function envelope(parts: readonly unknown[]) {
  return {
    jsonrpc: '2.0',
    id: 'r1',
    method: 'message/send',
    params: { message: { role: 'user', messageId: 'm1', parts } },
  };
}

/** A file part that cites the `file`th upload. */
export function filePart(file: number, name = `file-${file}.txt`) {
  return { kind: 'file', file: { name, mimeType: 'text/plain', uri: pendingUri(file), size: 19 } };
}

/** The URI under which the platform keeps the `file`th upload. */
export function pendingUri(file: number): string {
  return `platform-pending:${OWN}/${idOf(file, 'file')}`;
}

/** An upload row of the platform's exact shape (§7.3). */
export function uploadRow(number: number, file: number, over: Readonly<Record<string, unknown>> = {}) {
  const name = `file-${file}.txt`;
  return {
    ...chatRow(number, ''),
    method: 'chat_upload_receive',
    summary: `chat_upload_receive: ${name}`,
    request_body: {
      file_id: idOf(file, 'file'),
      name,
      mimeType: 'text/plain',
      size: 19,
      uri: pendingUri(file),
    },
    ...over,
  };
}

/** The echo of the agent's own `notify` (§5.2). */
export function echoRow(number: number, over: Readonly<Record<string, unknown>> = {}) {
  const { request_body: _, ...row } = chatRow(number, '');
  return {
    ...row,
    method: 'notify',
    target_id: null,
    summary: 'Agent message: done',
    response_body: { result: 'done' },
    ...over,
  };
}
