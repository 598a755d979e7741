import type { EventData, StoredEvent } from '../events.ts';
import type { UploadOutcome } from '../files/upload.ts';
import { evolveUpload } from '../files/upload-evolve.ts';
import { type InboxState, initialState } from './inbox-state.ts';

/** Folds one event into the state that it is given, and returns that same state (see {@link InboxState}). */
export function evolve(state: InboxState, event: StoredEvent): InboxState {
  state.seq = event.seq;
  switch (event.type) {
    case 'session.opened':
      state.session = event.data.session;
      forgetPoppedRequests(state);
      break;
    case 'workspace.registered':
      state.registeredAs = event.data.deliveryMode;
      state.access = 'accepted';
      break;
    case 'workspace.removed':
      state.access = 'removed';
      break;
    case 'token.refused':
      state.access = 'refused';
      break;
    case 'token.accepted':
      state.access = 'accepted';
      break;
    case 'feed.opened':
      state.feed = {
        cursor: event.data.cursor,
        floorMicros: event.data.floorMicros,
        startMicros: event.data.floorMicros,
        ...(event.data.ackedSeq === undefined ? {} : { ackedSeq: event.data.ackedSeq }),
      };
      break;
    case 'feed.cursorExpired':
      // Only the cursor: the ids stay, so that nothing comes back (protocol.md §13, rule 4).
      if (state.feed) state.feed.cursor = null;
      break;
    case 'feed.recovered':
      break;
    case 'cursor.advanced':
      advance(state, event.data);
      break;
    case 'row.skipped':
      state.seen.add(event.data.row.id, event.data.row.atMicros);
      state.counts.skipped += 1;
      break;
    case 'row.unreadable':
      state.seen.add(event.data.row.id, event.data.row.atMicros);
      state.counts.unreadable += 1;
      break;
    case 'message.received':
      receive(state, event.data);
      break;
    case 'message.released':
      release(state, event.data, event.seq);
      break;
    case 'message.offered':
      noteOffers(state, event.data, Date.parse(event.at));
      break;
    case 'message.popped': {
      const waiting = state.inbox.get(event.data.activityId);
      if (!waiting) break;
      state.inbox.delete(event.data.activityId);
      state.bodyChars -= waiting.message.text.length;
      state.counts.popped += 1;
      state.poppedAtMs = Date.parse(event.at);
      if (waiting.message.kind === 'platform_notice') state.counts.noticesPopped += 1;
      break;
    }
    case 'request.closed':
      state.requests.delete(event.data.requestId);
      break;
    default:
      evolveUpload(state, event);
  }
  return state;
}

/** The state after all of these events, from nothing. */
export function fold(events: Iterable<StoredEvent>, from: InboxState = initialState()): InboxState {
  let state = from;
  for (const event of events) state = evolve(state, event);
  return state;
}

function advance(state: InboxState, { cursor, floorMicros }: EventData<'cursor.advanced'>): void {
  if (!state.feed) state.feed = { cursor, floorMicros, startMicros: floorMicros };
  state.feed.cursor = cursor;
  state.feed.floorMicros = floorMicros;
  state.seen.forgetBefore(floorMicros);
}

function receive(
  state: InboxState,
  { message, row, conversation, files }: EventData<'message.received'>,
): void {
  state.seen.add(row.id, row.atMicros);
  state.held.set(message.activity_id, { message, row, conversation, files });
  if (message.kind === 'request') state.requests.add(message.activity_id);
  state.counts.received += 1;
  state.bodyChars += message.text.length;
  for (const { fileId } of files) {
    const upload = fileId === null ? undefined : state.uploads.get(fileId);
    if (!upload) continue;
    upload.shownBy ??= message.activity_id;
    state.unshownUploads.delete(upload.fileId);
  }
}

function release(
  state: InboxState,
  { activityId, outcomes }: EventData<'message.released'>,
  seq: number,
): void {
  const held = state.held.get(activityId);
  if (!held) return;
  state.held.delete(activityId);
  const told = held.files.map(
    (file): UploadOutcome => outcomes.find((entry) => entry.fileId === file.fileId)?.outcome ?? UNTOLD,
  );
  state.inbox.set(activityId, { ...held, outcomes: told, releasedSeq: seq, offeredIn: [] });
  for (const { fileId } of held.files) {
    const upload = fileId === null ? undefined : state.uploads.get(fileId);
    if (upload) upload.missedBy = upload.outcome.status === 'staged' ? null : activityId;
  }
}

/** Whoever popped them without an answer is gone: those that are open still come again (§15.10). */
function forgetPoppedRequests({ requests, held, inbox }: InboxState): void {
  for (const id of requests) if (!held.has(id) && !inbox.has(id)) requests.delete(id);
}

function noteOffers(
  { inbox }: InboxState,
  { activityIds, session }: EventData<'message.offered'>,
  atMs: number,
): void {
  for (const id of activityIds) {
    const waiting = inbox.get(id);
    if (!waiting || waiting.offeredIn.includes(session)) continue;
    const { offeredIn, offeredAtMs = atMs } = waiting;
    inbox.set(id, { ...waiting, offeredIn: [...offeredIn, session], offeredAtMs });
  }
}

const UNTOLD: UploadOutcome = { status: 'pending', reason: 'still being fetched' };
