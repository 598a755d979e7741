import { isUnshown, type Upload } from '../files/upload.ts';
import type { HeldMessage, InboxState, Sending, WaitingMessage } from './inbox-state.ts';
import { initialState } from './inbox-state.ts';

/** The folded state as plain JSON, for the snapshot and the first line of a compacted log. */
export interface StateJson {
  /** Of this shape; another version is folded from the log instead. */
  readonly version: 1;
  readonly seq: number;
  readonly session: number;
  readonly feed: InboxState['feed'];
  readonly registeredAs: string | null;
  readonly access: InboxState['access'];
  readonly counts: InboxState['counts'];
  /** Position by position with the next. */
  readonly seenIds: readonly string[];
  readonly seenAtMicros: readonly number[];
  readonly held: readonly HeldMessage[];
  readonly inbox: readonly WaitingMessage[];
  readonly uploads: readonly Upload[];
  readonly ownUploads: readonly (readonly [fileId: string, atMs: number])[];
  /** Absent, as each upload's `sendingId` and `missedBy`, in what was written before own files were suspected. */
  readonly sendings?: readonly (readonly [sendingId: string, sending: Sending])[];
  /** Absent in what was written before requests were known. */
  readonly requests?: readonly string[];
  /** Absent in what was written before it was kept. */
  readonly poppedAtMs?: number;
}

/** A plain copy of the state, which stays as it is while the state moves on; messages are shared, not copied. */
export function stateToJson(state: Readonly<InboxState>): StateJson {
  const seen = state.seen.toArrays();
  return {
    version: 1,
    seq: state.seq,
    session: state.session,
    feed: state.feed && { ...state.feed },
    registeredAs: state.registeredAs,
    access: state.access,
    counts: { ...state.counts },
    seenIds: seen.ids,
    seenAtMicros: seen.atMicros,
    held: [...state.held.values()],
    inbox: [...state.inbox.values()],
    uploads: [...state.uploads.values()].map((upload) => ({ ...upload })),
    ownUploads: [...state.ownUploads],
    sendings: [...state.sendings],
    ...(state.requests.size === 0 ? {} : { requests: [...state.requests] }),
    poppedAtMs: state.poppedAtMs,
  };
}

/** The state that {@link stateToJson} wrote, or null when this is not one (another version, a damaged file). */
export function stateFromJson(json: unknown): InboxState | null {
  if (!isStateJson(json)) return null;
  const state = initialState();
  state.seq = json.seq;
  state.session = json.session;
  state.feed = json.feed && { ...json.feed };
  state.registeredAs = json.registeredAs;
  state.access = json.access;
  Object.assign(state.counts, json.counts);
  for (const [index, id] of json.seenIds.entries()) state.seen.add(id, json.seenAtMicros[index] ?? 0);
  for (const held of json.held) state.held.set(held.message.activity_id, held);
  for (const waiting of json.inbox) state.inbox.set(waiting.message.activity_id, waiting);
  for (const written of json.uploads) {
    const upload: Upload = { ...UNSUSPECTED, ...written };
    state.uploads.set(upload.fileId, upload);
    if (isUnshown(upload)) state.unshownUploads.add(upload.fileId);
  }
  for (const [fileId, atMs] of json.ownUploads) state.ownUploads.set(fileId, atMs);
  for (const [sendingId, sending] of json.sendings ?? []) state.sendings.set(sendingId, sending);
  for (const requestId of json.requests ?? []) state.requests.add(requestId);
  state.poppedAtMs = json.poppedAtMs ?? 0;
  for (const { message } of [...state.held.values(), ...state.inbox.values()])
    state.bodyChars += message.text.length;
  return state;
}

/** The outer shape only: a checksum beside it vouches for the inside. */
function isStateJson(json: unknown): json is StateJson {
  if (typeof json !== 'object' || json === null) return false;
  const candidate = json as Partial<Record<keyof StateJson, unknown>>;
  return (
    candidate.version === 1 &&
    typeof candidate.seq === 'number' &&
    typeof candidate.session === 'number' &&
    ARRAYS.every((key) => Array.isArray(candidate[key]))
  );
}

const ARRAYS = ['seenIds', 'seenAtMicros', 'held', 'inbox', 'uploads', 'ownUploads'] as const;
const UNSUSPECTED = { sendingId: null, missedBy: null };
