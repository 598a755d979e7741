import type { FeedPoint, SentFile } from '../../domain/events.ts';
import type { UploadOutcome } from '../../domain/files/upload.ts';
import type { HeldMessage } from '../../domain/inbox/inbox-state.ts';
import type { Attachment, FileReference, InboxMessage, MessageKind } from '../../domain/message.ts';
import { isRecord } from '../../domain/record.ts';
import type { Leaves } from './leaves.ts';
import { METHODS } from './row-shape.ts';
import { count, cut, type FieldsOf, fields, flag, listOf, type Shape } from './shape.ts';

/** What events and states of the inbox have in common. */
export interface InboxShapes {
  readonly point: Shape;
  readonly conversation: Shape;
  readonly outcome: Shape;
  readonly sentFiles: Shape;
  /** The fields of a message at the barrier, which are those of `message.received`. */
  readonly held: FieldsOf<HeldMessage>;
}

/** The same with the leaves of one recording. */
export function inboxShapes(leaves: Leaves): InboxShapes {
  const { id, time, address, path, mediaType, oneOf, text, fileName, personName } = leaves;
  const status = oneOf(['staged', 'pending', 'expired', 'too_large', 'failed']);
  const described = { name: fileName, mimeType: mediaType, size: count };
  const attachment = { uri: address, status, path, file_url: path, reason: text, ...described };
  const message: FieldsOf<InboxMessage> = {
    activity_id: id,
    text,
    peer_id: id,
    kind: oneOf(Object.keys(KINDS)),
    method: oneOf(METHODS),
    created_at: time,
    arrival_workspace_id: id,
    delegation_id: id,
    error_detail: text,
    attachments: listOf(fields<Attachment>(attachment)),
    redelivered: flag,
    peer_name: personName,
    peer_role: personName,
    truncated: flag,
    request_kind: oneOf(['task', 'approval']),
  };
  const [whole, beginning] = [fields<InboxMessage>(message), fields<InboxMessage>({ ...message, text: cut })];
  const point = fields<FeedPoint>({ id, atMicros: count, seq: count });
  const conversation = oneOf(CONVERSATIONS, id);

  return {
    point,
    conversation,
    outcome: fields<UploadOutcome>({
      status,
      path,
      bytes: count,
      mimeType: mediaType,
      reason: text,
    }),
    sentFiles: listOf(fields<SentFile>({ name: fileName, size: count })),
    held: {
      message: (value) => (isRecord(value) && value.truncated === true ? beginning(value) : whole(value)),
      row: point,
      conversation,
      files: listOf(fields<FileReference>({ fileId: id, uri: address, cited: flag, ...described })),
    },
  };
}

const KINDS: Readonly<Record<MessageKind, true>> = {
  canvas_user: true,
  peer_agent: true,
  delegation_result: true,
  upload_notice: true,
  platform_notice: true,
  broadcast: true,
  request: true,
};
/** Those that are no peer's. */
const CONVERSATIONS = ['canvas', 'platform', 'delegations', 'requests', 'files'];
