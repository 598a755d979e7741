import { formatMicros } from './timestamps.ts';

/** A row of the activity log as the local platform keeps it (§4.3). Bodies that are undefined are SQL NULL. */
export interface ActivityRow {
  readonly id: string;
  /** Order of insertion over all workspaces; shown by HEAD only (§15.4). */
  readonly seq: number;
  readonly workspaceId: string;
  /** Microseconds since 1970: when the transaction began, not when the row became readable (§13). */
  readonly createdAtMicros: number;
  readonly activityType: string;
  readonly sourceId: string | null;
  readonly targetId: string | null;
  readonly method: string | null;
  readonly summary: string | null;
  readonly durationMs: number | null;
  readonly status: string;
  readonly errorDetail: string | null;
  readonly requestBody?: unknown;
  readonly responseBody?: unknown;
  readonly toolTrace?: unknown;
}

/** What a writer says about a new row; everything else is null, `ok`, or given by the feed. */
export type RowDraft = Pick<ActivityRow, 'activityType'> &
  Partial<Omit<ActivityRow, 'id' | 'seq' | 'workspaceId' | 'activityType'>>;

/** The row as `GET /workspaces/:id/activity` shows it: bodies are absent when they are NULL. */
export function showRow(row: ActivityRow, withSeq: boolean): Record<string, unknown> {
  return {
    activity_type: row.activityType,
    created_at: formatMicros(row.createdAtMicros),
    duration_ms: row.durationMs,
    error_detail: row.errorDetail,
    id: row.id,
    method: row.method,
    ...(row.requestBody !== undefined && { request_body: row.requestBody }),
    ...(row.responseBody !== undefined && { response_body: row.responseBody }),
    ...(withSeq && { seq: row.seq }),
    source_id: row.sourceId,
    status: row.status,
    summary: row.summary,
    target_id: row.targetId,
    ...(row.toolTrace !== undefined && { tool_trace: row.toolTrace }),
    workspace_id: row.workspaceId,
  };
}

/** The payload of the `ACTIVITY_LOGGED` event of a row (§12.1): no id, no time. HEAD adds the last two (§15.4). */
export function showLogged(row: RowDraft, isHead: boolean, messageId?: string): Record<string, unknown> {
  return {
    activity_type: row.activityType,
    duration_ms: row.durationMs ?? null,
    method: row.method ?? null,
    ...(row.requestBody !== undefined && { request_body: row.requestBody }),
    ...(row.responseBody !== undefined && { response_body: row.responseBody }),
    source_id: row.sourceId ?? null,
    status: row.status ?? 'ok',
    summary: row.summary ?? null,
    target_id: row.targetId ?? null,
    ...(row.toolTrace !== undefined && { tool_trace: row.toolTrace }),
    ...(isHead && row.errorDetail != null && { error_detail: row.errorDetail }),
    ...(isHead && messageId !== undefined && { message_id: messageId }),
  };
}
