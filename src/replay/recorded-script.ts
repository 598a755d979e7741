import type { DomainEvent, StoredEvent } from '../domain/events.ts';
import type { Frame } from '../domain/inbox/frame.ts';
import { stateFromJson } from '../domain/inbox/state-json.ts';
import type { InboxMessage } from '../domain/message.ts';
import { isRecord } from '../domain/record.ts';
import { readRow } from '../domain/wire/row.ts';
import type { RecordedRules } from '../recording/format.ts';
import {
  emptyScript,
  type Script,
  type ScriptedAct,
  type ScriptedFailure,
  type ScriptedRow,
  type ScriptedTransfer,
} from './script.ts';

/**
 * What one workspace's frames say that the world did: its rows, the platform's failures, the files' outcomes, what the
 * agent did and what came by no row. What the bridge made of it is computed anew.
 *
 * A row is readable when what came of it was taken into the log: a replay's requests take no time, so what was taken
 * together then, over however many pages, is taken together now.
 */
export function scriptOf(workspaceId: string, frames: readonly Frame[], rules: RecordedRules): Script {
  const events = frames.flatMap((frame) => (frame.type === 'event.appended' ? [frame.data.event] : []));
  const taken = takenRows(events);
  return {
    ...emptyScript(workspaceId),
    ...initialOf(frames),
    // Newest first, as bare recordings have them.
    rows: frames
      .flatMap((frame) => (frame.type === 'row.served' ? [rowOf(frame.data.row, frame.at, taken)] : []))
      .reverse(),
    acts: events.flatMap(actOf),
    transfers: transfersOf(events),
    failures: frames.flatMap(failureOf),
    beginMs: Date.parse(frames[0]?.at ?? ''),
    endMs: Date.parse(frames.at(-1)?.at ?? ''),
    recorded: {
      registeredMs: timeOf(
        frames.find((frame) => frame.type === 'reply.received' && frame.data.call === 'register'),
      ),
      openedMs: timeOf(events.find(({ type }) => type === 'feed.opened')),
      released: events.flatMap((event) => (event.type === 'message.released' ? [event.data.activityId] : [])),
      rules,
    },
  };
}

function initialOf(frames: readonly Frame[]): Pick<Script, 'initial'> | undefined {
  const opened = frames.find((frame) => frame.type === 'ledger.opened');
  const state = opened ? stateFromJson(opened.data.state) : null;
  // The replay opens a session of its own.
  return state
    ? { initial: Object.assign(state, { seq: state.seq - 1, session: state.session - 1 }) }
    : undefined;
}

/** What came of a row, and when. */
interface Taken {
  readonly atMs: number;
  readonly message: InboxMessage | null;
}

function takenRows(events: readonly StoredEvent[]): ReadonlyMap<string, Taken> {
  const taken = new Map<string, Taken>();
  for (const event of events) {
    const row = 'row' in event.data ? event.data.row : null;
    if (row === null || taken.has(row.id)) continue;
    const message = event.type === 'message.received' ? event.data.message : null;
    taken.set(row.id, { atMs: Date.parse(event.at), message });
  }
  return taken;
}

function rowOf(raw: unknown, servedAt: string, taken: ReadonlyMap<string, Taken>): ScriptedRow {
  const reading = readRow(raw);
  const { id, atMicros } = reading.ok ? reading.row : reading.unreadable;
  const { atMs, message } = taken.get(id) ?? { atMs: Date.parse(servedAt), message: null };
  return {
    id,
    createdMicros: atMicros,
    visibleMicros: atMs * 1000,
    seq: reading.ok ? reading.row.seq : null,
    raw: withNames(raw, message),
  };
}

/** The bridge may have learned a sender's name from the registry, which a replay does not ask. */
function withNames(raw: unknown, message: InboxMessage | null): unknown {
  if (!isRecord(raw) || !message?.peer_name || raw.peer_name) return raw;
  const { peer_name, peer_role } = message;
  return { ...raw, peer_name, ...(peer_role === undefined ? {} : { peer_role }) };
}

function actOf(event: StoredEvent): ScriptedAct[] {
  const atMs = Date.parse(event.at);
  switch (event.type) {
    case 'message.popped': {
      const { activityId, by } = event.data;
      return [{ atMs, command: { type: 'popMessage', activityId, by } }];
    }
    case 'message.offered':
      return [{ atMs, command: { type: 'noteOffers', activityIds: event.data.activityIds } }];
    case 'message.received':
      return ROWLESS.has(event.data.conversation) ? [factOf(event, atMs)] : [];
    case 'feed.opened':
    case 'request.closed':
    case 'upload.created':
    case 'upload.sending':
    case 'upload.sent':
      return [factOf(event, atMs)];
    default:
      return [];
  }
}

/** Without the place and the time that it had then. */
function factOf({ type, data }: StoredEvent, atMs: number): ScriptedAct {
  return { atMs, command: { type: 'recordFact', fact: { type, data } as DomainEvent } };
}

function transfersOf(events: readonly StoredEvent[]): ReadonlyMap<string, readonly ScriptedTransfer[]> {
  const transfers = new Map<string, readonly ScriptedTransfer[]>();
  for (const event of events) {
    const outcome = outcomeOf(event);
    if (outcome === null || !('fileId' in event.data)) continue;
    const { fileId } = event.data;
    transfers.set(fileId, [...(transfers.get(fileId) ?? []), { atMs: Date.parse(event.at), outcome }]);
  }
  return transfers;
}

function outcomeOf(event: StoredEvent): ScriptedTransfer['outcome'] | null {
  switch (event.type) {
    case 'upload.staged': {
      const { path, bytes, mimeType } = event.data;
      return { status: 'staged', path, bytes, mimeType };
    }
    case 'upload.failed':
      return { status: 'failed', reason: event.data.reason };
    case 'upload.expired':
      return { status: 'expired', reason: event.data.reason };
    case 'upload.tooLarge':
      return { status: 'too_large', reason: event.data.reason };
    default:
      return null;
  }
}

/** How a file's fetch ended is told by its event. */
function failureOf(frame: Frame): ScriptedFailure[] {
  if (frame.type !== 'reply.received' || frame.data.kind === null || frame.data.call === 'openUpload')
    return [];
  const { call, status, kind } = frame.data;
  return [{ atMs: Date.parse(frame.at), call, status, kind: kind as ScriptedFailure['kind'] }];
}

function timeOf(told: { readonly at: string } | undefined): number | null {
  return told === undefined ? null : Date.parse(told.at);
}

/** Messages that no row of the feed brings: late answers and requests. */
const ROWLESS: ReadonlySet<string> = new Set(['delegations', 'requests']);
