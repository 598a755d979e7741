import { CANVAS, type Classified } from './classify.ts';
import type { DomainEvent, EventData, FeedPoint, FileOutcome } from './events.ts';
import type { InboxState } from './inbox-state.ts';
import type { FileReference, InboxMessage } from './message.ts';
import { isSettled, type UploadOutcome } from './upload.ts';

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
  /** A barrier opened: the message goes to the inbox with what its files came to. */
  | {
      readonly type: 'releaseMessage';
      readonly activityId: string;
      readonly outcomes: readonly FileOutcome[];
    }
  | { readonly type: 'noteOffers'; readonly activityIds: readonly string[] }
  | { readonly type: 'popMessage'; readonly activityId: string; readonly by: 'pop' | 'answer' }
  | {
      readonly type: 'settleUpload';
      readonly fileId: string;
      readonly outcome: UploadOutcome;
      readonly retryAtMs: number;
    }
  | { readonly type: 'noteAcknowledged'; readonly fileId: string }
  /** The agent uploaded a file of its own: its row is to be left alone (W-39). */
  | { readonly type: 'noteOwnUpload'; readonly fileId: string }
  /** A file that no chat has followed gets a message of its own. */
  | { readonly type: 'announceLonelyUpload'; readonly fileId: string; readonly workspaceId: string }
  /** A fact of the workspace's life, told by a machine. A fact that changes nothing is dropped. */
  | { readonly type: 'recordFact'; readonly fact: DomainEvent };

/** The events that a command leads to in a state; none when it changes nothing. Pure: reads the state only. */
export function decide(command: Command, state: Readonly<InboxState>): DomainEvent[] {
  switch (command.type) {
    case 'takeRows':
      return takeRows(command, state);
    case 'takeAnswer':
      return takeAnswer(command, state);
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
    case 'settleUpload':
      return settleUpload(command, state);
    case 'noteAcknowledged': {
      const upload = state.uploads.get(command.fileId);
      return upload && !upload.acknowledged
        ? [{ type: 'upload.acknowledged', data: { fileId: command.fileId } }]
        : [];
    }
    case 'noteOwnUpload':
      return state.ownUploads.has(command.fileId)
        ? []
        : [{ type: 'upload.created', data: { fileId: command.fileId } }];
    case 'announceLonelyUpload':
      return announceLonelyUpload(command, state);
    case 'recordFact':
      return isNews(command.fact, state) ? [command.fact] : [];
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

  const announce = (file: FileReference & { readonly fileId: string }, row: FeedPoint | null) => {
    announced.add(file.fileId);
    unshown.add(file.fileId);
    references.set(file.fileId, file);
    const { fileId, uri, name, mimeType = '', size = null } = file;
    events.push({ type: 'upload.announced', data: { fileId, row, uri, name, mimeType, size } });
  };

  for (const item of command.rows) {
    const point = pointOf(item, floorMicros);
    if (taken.has(point.id) || state.seen.has(point.id)) continue;
    if (point.atMicros < floorMicros) continue;
    taken.add(point.id);
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
  if (advanced) events.push({ type: 'cursor.advanced', data: advanced });
  return events;
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
  if (item.kind !== 'unreadable') return { id: item.row.id, atMicros: item.row.atMicros };
  return { id: item.id, atMicros: Math.max(item.atMicros, floorMicros) };
}

function settleUpload(
  command: Extract<Command, { type: 'settleUpload' }>,
  state: Readonly<InboxState>,
): DomainEvent[] {
  const { fileId, outcome, retryAtMs } = command;
  const upload = state.uploads.get(fileId);
  if (!upload || isSettled(upload.outcome)) return [];
  switch (outcome.status) {
    case 'staged':
      return [
        {
          type: 'upload.staged',
          data: { fileId, path: outcome.path, bytes: outcome.bytes, mimeType: outcome.mimeType },
        },
      ];
    case 'expired':
      return [{ type: 'upload.expired', data: { fileId, reason: outcome.reason } }];
    case 'too_large':
      return [{ type: 'upload.tooLarge', data: { fileId, reason: outcome.reason } }];
    case 'failed':
      return [
        {
          type: 'upload.failed',
          data: { fileId, reason: outcome.reason, attempts: upload.attempts + 1, retryAtMs },
        },
      ];
    case 'pending':
      return [];
  }
}

function announceLonelyUpload(
  command: Extract<Command, { type: 'announceLonelyUpload' }>,
  state: Readonly<InboxState>,
): DomainEvent[] {
  const upload = state.uploads.get(command.fileId);
  const file = referenceTo(command.fileId, state);
  if (!upload || !file || upload.shownBy !== null || upload.row === null) return [];
  return [
    {
      type: 'message.received',
      data: {
        message: {
          activity_id: upload.row.id,
          text: `The user shared a file and wrote nothing about it: ${upload.name}`,
          peer_id: '',
          kind: 'upload_notice',
          method: 'chat_upload_receive',
          created_at: new Date(Math.floor(upload.row.atMicros / 1000)).toISOString(),
        },
        row: upload.row,
        conversation: CANVAS,
        files: [file],
      },
    },
  ];
}

function referenceTo(fileId: string, state: Readonly<InboxState>): FileReference | null {
  const upload = state.uploads.get(fileId);
  if (!upload) return null;
  const { uri, name, mimeType, size } = upload;
  return {
    fileId,
    uri,
    name,
    cited: false,
    ...(mimeType ? { mimeType } : {}),
    ...(size === null ? {} : { size }),
  };
}

/** Whether a fact changes what is known: machines repeat themselves over restarts and retries, the log does not. */
function isNews(fact: DomainEvent, state: Readonly<InboxState>): boolean {
  switch (fact.type) {
    case 'workspace.registered':
      return state.registeredAs !== fact.data.deliveryMode;
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
