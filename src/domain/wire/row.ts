import * as z from 'zod';
import { toMicros } from '../time.ts';

/** One row of the activity feed (protocol.md §4.3), read tolerantly: what the platform or a stranger got wrong becomes its plainest meaning. */
export interface ActivityRow {
  readonly id: string;
  readonly createdAt: string;
  /** `createdAt` in microseconds since the epoch. */
  readonly atMicros: number;
  readonly activityType: string;
  /** Null for the canvas and for the platform; a malformed source is kept as text, so that it is nobody's canvas message. */
  readonly sourceId: string | null;
  readonly method: string;
  readonly summary: string | null;
  readonly status: string;
  readonly errorDetail: string | null;
  /** Decoded when it was a JSON string; null when absent. */
  readonly requestBody: unknown;
  readonly responseBody: unknown;
  /** HEAD only (§15.4). */
  readonly seq: number | null;
  /** HEAD with `include=peer_info` only. */
  readonly peerName: string | null;
  readonly peerRole: string | null;
}

/** An element of the feed that is no row: what is left of it, so that it is counted once and passed. */
export interface UnreadableRow {
  /** Its id, else a fingerprint of what can be told. */
  readonly id: string;
  /** Its `created_at` in microseconds, 0 when that cannot be read. */
  readonly atMicros: number;
  readonly reason: string;
}

/** A row, or what is left of it. */
export type RowReading =
  | { readonly ok: true; readonly row: ActivityRow }
  | { readonly ok: false; readonly unreadable: UnreadableRow };

/** Reads one element of the feed. Never throws: one bad row never spoils its neighbours (W-2, W-23). */
export function readRow(raw: unknown): RowReading {
  const parsed = rowSchema.safeParse(raw);
  if (!parsed.success) return unreadable(raw, 'not an object');
  const fields = parsed.data;
  if (fields.id === null) return unreadable(raw, 'no id');
  const atMicros = fields.created_at === null ? null : toMicros(fields.created_at);
  if (fields.created_at === null || atMicros === null) return unreadable(raw, 'no readable created_at');
  return {
    ok: true,
    row: {
      id: fields.id,
      createdAt: fields.created_at,
      atMicros,
      activityType: fields.activity_type ?? '',
      sourceId: fields.source_id,
      method: fields.method ?? '',
      summary: fields.summary,
      status: fields.status ?? '',
      errorDetail: fields.error_detail,
      requestBody: fields.request_body,
      responseBody: fields.response_body,
      seq: fields.seq,
      peerName: fields.peer_name,
      peerRole: fields.peer_role,
    },
  };
}

function unreadable(raw: unknown, reason: string): RowReading {
  const named = z.object({ id: text, created_at: text, summary: text }).partial().safeParse(raw).data;
  const createdAt = named?.created_at ?? '';
  return {
    ok: false,
    unreadable: {
      id:
        named?.id?.slice(0, MAX_ID_CHARS) ??
        `unreadable:${createdAt}:${(named?.summary ?? typeof raw).slice(0, MAX_ID_CHARS)}`,
      atMicros: toMicros(createdAt) ?? 0,
      reason,
    },
  };
}

/** Null for nobody; anything but text is kept as text, so that a malformed sender never passes for the canvas user. */
function readSource(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'string') return value.slice(0, MAX_ID_CHARS);
  return `malformed ${Array.isArray(value) ? 'list' : typeof value}`;
}

/** A JSON string of an object counts as that object; a string that is no JSON counts as absent (C1-30). */
function decodeBody(value: unknown): unknown {
  if (typeof value !== 'string') return value ?? null;
  try {
    return JSON.parse(value);
  } catch {
    return null;
  }
}

const MAX_ID_CHARS = 200;
const text = z.string().min(1).nullable().catch(null);
const body = z.unknown().optional().transform(decodeBody);

const rowSchema = z.object({
  id: z.string().min(1).max(MAX_ID_CHARS).nullable().catch(null).default(null),
  created_at: text.default(null),
  activity_type: text.default(null),
  source_id: z.unknown().optional().transform(readSource),
  method: text.default(null),
  summary: text.default(null),
  status: text.default(null),
  error_detail: text.default(null),
  request_body: body,
  response_body: body,
  seq: z.number().int().nonnegative().nullable().catch(null).default(null),
  peer_name: text.default(null),
  peer_role: text.default(null),
});
