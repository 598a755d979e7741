import type { DomainEvent, SentFile } from '../events.ts';
import type { InboxState } from '../inbox/inbox-state.ts';
import type { FileReference, InboxMessage } from '../message.ts';
import { CANVAS } from '../wire/classify.ts';
import { isSettled, type Upload, type UploadOutcome } from './upload.ts';

/** What may be asked about files. */
export type UploadCommand =
  /** A try at fetching ended. */
  | {
      readonly type: 'settleUpload';
      readonly fileId: string;
      readonly outcome: UploadOutcome;
      readonly retryAtMs: number;
    }
  | { readonly type: 'noteAcknowledged'; readonly fileId: string }
  /** The agent is about to send files of its own up: durable before the first byte leaves (W-39). */
  | { readonly type: 'noteSending'; readonly sendingId: string; readonly files: readonly SentFile[] }
  /** The platform named the ids that it gave them (none: it surely took nothing); no other file is the agent's. */
  | { readonly type: 'noteSent'; readonly sendingId: string; readonly fileIds: readonly string[] }
  /** A file that no chat has followed gets a message of its own. */
  | { readonly type: 'announceLonelyUpload'; readonly fileId: string }
  /** A file that a message told as missing is here: that is a message of its own, under a fresh id. */
  | {
      readonly type: 'announceArrival';
      readonly fileId: string;
      readonly activityId: string;
      readonly atMs: number;
    }
  /** A staged file's copy on disk is gone. */
  | { readonly type: 'noteLost'; readonly fileId: string }
  /** A file was deleted with age, or is not worth remembering any longer. */
  | { readonly type: 'noteDeleted'; readonly fileId: string };

/** The events that a command about files leads to; none when it changes nothing. */
export function decideUpload(command: UploadCommand, state: Readonly<InboxState>): DomainEvent[] {
  if (command.type === 'noteSending') {
    const { sendingId, files } = command;
    return [{ type: 'upload.sending', data: { sendingId, files } }];
  }
  if (command.type === 'noteSent') return noteSent(command, state);
  const upload = state.uploads.get(command.fileId);
  if (!upload) return [];
  const { fileId } = upload;
  switch (command.type) {
    case 'settleUpload':
      return settle(upload, command);
    case 'noteAcknowledged':
      return upload.acknowledged ? [] : [{ type: 'upload.acknowledged', data: { fileId } }];
    case 'announceLonelyUpload':
      return announceLonely(upload);
    case 'announceArrival':
      return announceArrival(upload, command);
    case 'noteLost':
      return upload.outcome.status === 'staged' ? [{ type: 'upload.lost', data: { fileId } }] : [];
    case 'noteDeleted':
      return [{ type: 'upload.deleted', data: { fileId } }];
  }
}

/** How a message refers to a file that was announced; null for an unknown one. */
export function referenceTo(fileId: string, state: Readonly<InboxState>): FileReference | null {
  const upload = state.uploads.get(fileId);
  return upload ? reference(upload) : null;
}

function reference({ fileId, uri, name, mimeType, size }: Upload): FileReference {
  return {
    fileId,
    uri,
    name,
    cited: false,
    ...(mimeType ? { mimeType } : {}),
    ...(size === null ? {} : { size }),
  };
}

function noteSent(
  { sendingId, fileIds }: Extract<UploadCommand, { type: 'noteSent' }>,
  state: Readonly<InboxState>,
): DomainEvent[] {
  if (!state.sendings.has(sendingId)) return [];
  return [
    ...fileIds.map((fileId): DomainEvent => ({ type: 'upload.created', data: { fileId } })),
    { type: 'upload.sent', data: { sendingId } },
  ];
}

function settle(
  { fileId, outcome: before, attempts }: Upload,
  { outcome, retryAtMs }: Extract<UploadCommand, { type: 'settleUpload' }>,
): DomainEvent[] {
  if (isSettled(before)) return [];
  switch (outcome.status) {
    case 'staged': {
      const { path, bytes, mimeType } = outcome;
      return [{ type: 'upload.staged', data: { fileId, path, bytes, mimeType } }];
    }
    case 'expired':
      return [{ type: 'upload.expired', data: { fileId, reason: outcome.reason } }];
    case 'too_large':
      return [{ type: 'upload.tooLarge', data: { fileId, reason: outcome.reason } }];
    case 'failed': {
      const data = { fileId, reason: outcome.reason, attempts: attempts + 1, retryAtMs };
      return [{ type: 'upload.failed', data }];
    }
    case 'pending':
      return [];
  }
}

/** Through the barrier like any message: it shows one outcome for its file. */
function announceLonely(upload: Upload): DomainEvent[] {
  const { row, shownBy, sendingId, name } = upload;
  if (row === null || shownBy !== null || sendingId !== null) return [];
  const text = `The user shared a file and wrote nothing about it: ${name}`;
  const message = noticeOf(row.id, text, row.atMicros / 1000);
  return [
    {
      type: 'message.received',
      data: { message, row, conversation: CANVAS, files: [reference(upload)] },
    },
  ];
}

/** Received and released at once: the file is there, and it is nobody's turn. */
function announceArrival(
  upload: Upload,
  { activityId, atMs }: Extract<UploadCommand, { type: 'announceArrival' }>,
): DomainEvent[] {
  const { fileId, missedBy, outcome, name } = upload;
  if (outcome.status !== 'staged' || missedBy === null) return [];
  const text = `A file that was still missing from message ${missedBy} has arrived: ${name}`;
  const row = { id: activityId, atMicros: Math.floor(atMs * 1000) };
  const data = { message: noticeOf(activityId, text, atMs), row, conversation: 'files' };
  return [
    { type: 'message.received', data: { ...data, files: [reference(upload)] } },
    { type: 'message.released', data: { activityId, outcomes: [{ fileId, outcome }] } },
  ];
}

function noticeOf(activityId: string, text: string, atMs: number): InboxMessage {
  return {
    activity_id: activityId,
    text,
    peer_id: '',
    kind: 'upload_notice',
    method: 'chat_upload_receive',
    created_at: new Date(Math.floor(atMs)).toISOString(),
  };
}
