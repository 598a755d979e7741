import type { DomainEvent, EventData, FeedPoint, FileOutcome } from '../events.ts';
import { decideUpload, referenceTo, type UploadCommand } from '../files/upload-decide.ts';
import type { FileReference, InboxMessage } from '../message.ts';
import { CANVAS, type Classified } from '../wire/classify.ts';
import type { InboxState } from './inbox-state.ts';
import { suspectOwn } from './own-sending.ts';
import { type AgentRequest, decideRequests } from './requests.ts';

/** What may be asked of one workspace's inbox. `decide` answers with the events that follow, `evolve` folds them in. */
export type Command =
  /** One page of the feed, oldest first, after the feed's opening and before the stored cursor's move (§13). */
  | {
      readonly type: 'takeRows';
      readonly opened: EventData<'feed.opened'> | null;
      readonly rows: readonly Classified[];
      readonly advanced: EventData<'cursor.advanced'> | null;
    }
  /** A peer's answer that came after the call that asked for it: a message without a row. */
  | { readonly type: 'takeAnswer'; readonly message: InboxMessage; readonly atMicros: number }
  /** Every request that is open at the moment (§15.10). */
  | { readonly type: 'takeRequests'; readonly open: readonly AgentRequest[] }
  /** A barrier opened: the message goes to the inbox with what its files came to. */
  | {
      readonly type: 'releaseMessage';
      readonly activityId: string;
      readonly outcomes: readonly FileOutcome[];
    }
  | { readonly type: 'noteOffers'; readonly activityIds: readonly string[] }
  | { readonly type: 'popMessage'; readonly activityId: string; readonly by: 'pop' | 'answer' }
  /** About files. */
  | UploadCommand
  /** A fact of the workspace's life, told by a machine. A fact that changes nothing is dropped. */
  | { readonly type: 'recordFact'; readonly fact: DomainEvent };

/** The events that a command leads to in a state; none when it changes nothing. Pure: reads the state only. */
export function decide(command: Command, state: Readonly<InboxState>): DomainEvent[] {
  switch (command.type) {
    case 'takeRows':
      return takeRows(command, state);
    case 'takeAnswer':
      return takeAnswer(command, state);
    case 'takeRequests':
      return decideRequests(command.open, state);
    case 'releaseMessage': {
      const { activityId, outcomes } = command;
      return state.held.has(activityId) ? [{ type: 'message.released', data: { activityId, outcomes } }] : [];
    }
    case 'noteOffers': {
      const activityIds = command.activityIds.filter((id) => state.inbox.has(id));
      return activityIds.length > 0
        ? [{ type: 'message.offered', data: { activityIds, session: state.session } }]
        : [];
    }
    case 'popMessage':
      return state.inbox.has(command.activityId)
        ? [{ type: 'message.popped', data: { activityId: command.activityId, by: command.by } }]
        : [];
    case 'recordFact':
      return isNews(command.fact, state) ? [command.fact] : [];
    default:
      return decideUpload(command, state);
  }
}

function takeRows(
  command: Extract<Command, { type: 'takeRows' }>,
  state: Readonly<InboxState>,
): DomainEvent[] {
  const { opened, advanced } = command;
  const events: DomainEvent[] = opened && !state.feed ? [{ type: 'feed.opened', data: opened }] : [];
  const floorMicros = (state.feed ?? opened)?.floorMicros ?? 0;
  const taken = new Set<string>();
  const announced = new Set<string>();
  const unshown = new Set(state.unshownUploads);
  const references = new Map<string, FileReference>();
  const isOwn = (fileId: string) => state.ownUploads.has(fileId);

  const sendingOf = suspectOwn(state);

  const announce = (file: FileReference & { readonly fileId: string }, row: FeedPoint | null) => {
    const { fileId, uri, name, mimeType = '', size = null } = file;
    const sendingId = row === null ? null : sendingOf({ name, size }, row);
    announced.add(fileId);
    if (sendingId === null) unshown.add(fileId);
    references.set(fileId, file);
    const data = { fileId, row, uri, name, mimeType, size, ...(sendingId === null ? {} : { sendingId }) };
    events.push({ type: 'upload.announced', data });
  };

  for (const item of command.rows) {
    const point = pointOf(item, floorMicros);
    if (taken.has(point.id) || state.seen.has(point.id)) continue;
    if (point.atMicros < floorMicros) continue;
    taken.add(point.id);
    if (point.seq !== undefined && point.seq <= (state.feed?.ackedSeq ?? -1)) {
      events.push({ type: 'row.skipped', data: { row: point, reason: 'acknowledged' } });
      continue;
    }
    switch (item.kind) {
      case 'unreadable':
        events.push({ type: 'row.unreadable', data: { row: point, reason: item.reason } });
        break;
      case 'skipped':
        events.push({ type: 'row.skipped', data: { row: point, reason: item.reason } });
        break;
      case 'upload': {
        const { fileId, uri, name, mimeType, size } = item.upload;
        if (isOwn(fileId)) {
          events.push({ type: 'row.skipped', data: { row: point, reason: 'own_upload' } });
        } else if (state.uploads.has(fileId) || announced.has(fileId)) {
          events.push({ type: 'row.skipped', data: { row: point, reason: 'known_upload' } });
        } else {
          announce({ fileId, uri, name, mimeType, ...(size === null ? {} : { size }), cited: false }, point);
        }
        break;
      }
      case 'chat': {
        for (const file of item.cited) {
          // Cited before its row came, or without one: fetched on demand (§7.3).
          if (
            file.fileId === null ||
            isOwn(file.fileId) ||
            state.uploads.has(file.fileId) ||
            announced.has(file.fileId)
          )
            continue;
          announce({ ...file, fileId: file.fileId }, null);
        }
        const files = [...item.cited];
        if (item.conversation === CANVAS) {
          for (const fileId of unshown) {
            if (files.some((file) => file.fileId === fileId)) continue;
            const reference = references.get(fileId) ?? referenceTo(fileId, state);
            if (reference) files.push({ ...reference, cited: false });
          }
        }
        for (const file of files) if (file.fileId !== null) unshown.delete(file.fileId);
        events.push({
          type: 'message.received',
          data: { message: item.message, row: point, conversation: item.conversation, files },
        });
      }
    }
  }
  if (advanced && leadsOnward(advanced, state)) events.push({ type: 'cursor.advanced', data: advanced });
  return events;
}

/** A read that was given up may come to its end behind the next one: ids below the floor are forgotten, so it never sinks. */
function leadsOnward(
  { cursor, floorMicros }: EventData<'cursor.advanced'>,
  { feed }: Readonly<InboxState>,
): boolean {
  if (feed === null) return true;
  const isNewer = cursor === null || cursor.atMicros > (feed.cursor?.atMicros ?? 0);
  return isNewer && floorMicros >= feed.floorMicros;
}

/** Received and released at once: an answer waits for no file and for nobody's turn. */
function takeAnswer(
  { message, atMicros }: Extract<Command, { type: 'takeAnswer' }>,
  state: Readonly<InboxState>,
): DomainEvent[] {
  const activityId = message.activity_id;
  if (state.seen.has(activityId)) return [];
  const row = { id: activityId, atMicros };
  return [
    { type: 'message.received', data: { message, row, conversation: 'delegations', files: [] } },
    { type: 'message.released', data: { activityId, outcomes: [] } },
  ];
}

/** Where a row stands in the feed; one without a readable time stands at the floor, so that its id is remembered for a while. */
function pointOf(item: Classified, floorMicros: number): FeedPoint {
  if (item.kind !== 'unreadable') {
    const { id, atMicros, seq } = item.row;
    return { id, atMicros, ...(seq === null ? {} : { seq }) };
  }
  return { id: item.id, atMicros: Math.max(item.atMicros, floorMicros) };
}

/** Whether a fact changes what is known: machines repeat themselves over restarts and retries, the log does not. */
function isNews(fact: DomainEvent, state: Readonly<InboxState>): boolean {
  switch (fact.type) {
    case 'workspace.registered':
      return state.registeredAs !== fact.data.deliveryMode || state.access !== 'accepted';
    case 'workspace.removed':
      return state.access !== 'removed';
    case 'token.refused':
      return state.access !== 'refused';
    case 'token.accepted':
      return state.access !== 'accepted';
    case 'feed.opened':
      return state.feed === null;
    default:
      return true;
  }
}
