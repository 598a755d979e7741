import * as z from 'zod';
import { isRecord } from '../domain/record.ts';
import { toMicros } from '../domain/time.ts';
import { isQueuedText } from '../domain/wire/peer-reply.ts';

/** One delegation as the platform lists it, from however many entries it has (§8.2, §15.12). */
export interface Delegation {
  readonly delegation_id: string;
  /** `pending`, `dispatched`, `queued`, `in_progress`, `stuck`, `completed`, `failed`; `accepted` for a peer that fetches its messages. */
  readonly status: string;
  readonly target_id: string;
  readonly summary: string;
  readonly created_at: string;
  /** `received` where this workspace is the one that was asked (§15.12). */
  readonly direction?: string;
  /** The peer's answer, or its beginning. */
  readonly result?: string;
  /** The platform shows the beginning of an answer only (W-61). */
  readonly result_truncated?: true;
  readonly error?: string;
  readonly updated_at?: string;
  readonly deadline?: string;
}

/**
 * Reads `GET /workspaces/:id/delegations` of any server: ledger entries (one a delegation) or activity rows (several,
 * newest first, inbox copies among them). Entries that cannot be read are passed over; newest first.
 */
export function readDelegations(body: unknown): readonly Delegation[] {
  const entries = (Array.isArray(body) ? body : []).flatMap((raw) => {
    const entry = entrySchema.safeParse(raw);
    return entry.success ? [entry.data] : [];
  });
  const byId = new Map<string, Entry[]>();
  for (const entry of entries)
    byId.set(entry.delegation_id, [...(byId.get(entry.delegation_id) ?? []), entry]);
  return [...byId.values()].map(merge);
}

/** The whole answer of a delegation, from the rows of its workspace's feed (`type=delegation`); null when it is not there. */
export function findFullResult(rows: unknown, delegationId: string): string | null {
  for (const row of Array.isArray(rows) ? rows : []) {
    if (!isRecord(row) || row.method !== 'delegate_result' || !isRecord(row.response_body)) continue;
    const { delegation_id, text } = row.response_body;
    if (delegation_id === delegationId && typeof text === 'string' && text !== '') return text;
  }
  return null;
}

/** The entry that ended it speaks for all, else the newest; what that one leaves out, another may say. */
function merge(entries: readonly Entry[]): Delegation {
  const speaker = entries.find(({ status }) => END_STATES.has(status)) ?? entries[0];
  if (!speaker) throw new Error('a delegation without an entry');
  const first = <Key extends keyof Entry>(key: Key) =>
    [speaker, ...entries].find((entry) => entry[key])?.[key];
  const preview = entries.map(({ response_preview }) => response_preview).find(isAnswer);
  const fetched = entries.some(({ response_preview }) => isQueuedText(response_preview));
  const status = STATUS_OF_INBOX_ROWS[speaker.status] ?? speaker.status;
  const failed = status === 'failed';
  return {
    delegation_id: speaker.delegation_id,
    status: fetched && preview === undefined && !failed ? 'accepted' : status,
    target_id: first('target_id') ?? '',
    summary: speaker.summary,
    created_at: oldest(entries),
    ...optional('direction', first('direction')),
    ...(preview === undefined || failed ? {} : { result: preview }),
    ...(preview !== undefined && !failed && isCut(preview) ? { result_truncated: true } : {}),
    ...optional('error', first('error')),
    ...optional('updated_at', speaker.updated_at),
    ...optional('deadline', speaker.deadline),
  };
}

/** Not the queued envelope (§8.1), and not the bare id that a failed row shows. */
function isAnswer(preview: string): boolean {
  if (preview === '' || isQueuedText(preview)) return false;
  return !/^\{"delegation_id": ?"[^"]*"\}$/.test(preview);
}

/** A preview ends in `...` after 300 bytes (§8.2). */
function isCut(preview: string): boolean {
  return preview.endsWith('...') && Buffer.byteLength(preview) >= PREVIEW_BYTES;
}

function oldest(entries: readonly Entry[]): string {
  const times = entries.map(({ created_at }) => created_at).filter((time) => toMicros(time) !== null);
  return times.sort((one, other) => (toMicros(one) ?? 0) - (toMicros(other) ?? 0))[0] ?? '';
}

function optional<Key extends string>(key: Key, value: string | undefined): { readonly [K in Key]?: string } {
  return (value ? { [key]: value } : {}) as { readonly [K in Key]?: string };
}

const text = z.string().catch('');

const entrySchema = z.object({
  delegation_id: z.string().min(1),
  status: text,
  target_id: text,
  summary: text,
  created_at: text,
  direction: text,
  response_preview: text,
  error: text,
  updated_at: text,
  deadline: text,
});

type Entry = z.output<typeof entrySchema>;

/** Inbox copies of a result say `ok` and `error` (§8.4). */
const STATUS_OF_INBOX_ROWS: Readonly<Record<string, string>> = { ok: 'completed', error: 'failed' };

const END_STATES: ReadonlySet<string> = new Set(['completed', 'failed', 'ok', 'error']);

const PREVIEW_BYTES = 300;
