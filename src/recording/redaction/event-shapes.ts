import type { DomainEvent, EventData, SkipReason } from '../../domain/events.ts';
import type { InboxShapes } from './inbox-shapes.ts';
import type { Leaves } from './leaves.ts';
import { count, type FieldsOf, fields, listOf, type Shape } from './shape.ts';

/** What may be told of the data of every type of event. */
export type EventShapes = { readonly [Type in DomainEvent['type']]: Shape };

/** The same with the leaves of one recording. */
export function eventShapes(leaves: Leaves, inbox: InboxShapes): EventShapes {
  const { id, time, address, path, mediaType, oneOf, text, fileName } = leaves;
  const { point, outcome, sentFiles, held } = inbox;
  const of = <Type extends DomainEvent['type']>(shapes: FieldsOf<EventData<Type>>) =>
    fields<EventData<Type>>(shapes);
  const outcomes = listOf(fields({ fileId: id, outcome }));
  const file = { fileId: id };
  const missing = { ...file, reason: text };

  return {
    'session.opened': of<'session.opened'>({ session: count }),
    'workspace.registered': of<'workspace.registered'>({ deliveryMode: oneOf(DELIVERY_MODES) }),
    'workspace.removed': of<'workspace.removed'>({ removedAt: time }),
    'token.refused': of<'token.refused'>({ during: oneOf(WORK), status: count }),
    'token.accepted': of<'token.accepted'>({}),
    'feed.opened': of<'feed.opened'>({
      floorMicros: count,
      cursor: point,
      origin: oneOf(['backlog', 'imported', 'unread']),
      ackedSeq: count,
    }),
    'feed.cursorExpired': of<'feed.cursorExpired'>({ cursorId: id }),
    'feed.recovered': of<'feed.recovered'>({ sinceMicros: count, rows: count }),
    'cursor.advanced': of<'cursor.advanced'>({ cursor: point, floorMicros: count }),
    'row.skipped': of<'row.skipped'>({ row: point, reason: oneOf(Object.keys(SKIP_REASONS)) }),
    'row.unreadable': of<'row.unreadable'>({ row: point, reason: oneOf(UNREADABLE) }),
    'message.received': of<'message.received'>(held),
    'message.released': of<'message.released'>({ activityId: id, outcomes }),
    'message.offered': of<'message.offered'>({ activityIds: listOf(id), session: count }),
    'message.popped': of<'message.popped'>({ activityId: id, by: oneOf(['pop', 'answer']) }),
    'request.closed': of<'request.closed'>({ requestId: id }),
    'upload.announced': of<'upload.announced'>({
      ...file,
      row: point,
      uri: address,
      name: fileName,
      mimeType: mediaType,
      size: count,
      sendingId: id,
    }),
    'upload.sending': of<'upload.sending'>({ sendingId: id, files: sentFiles }),
    'upload.created': of<'upload.created'>(file),
    'upload.sent': of<'upload.sent'>({ sendingId: id }),
    'upload.staged': of<'upload.staged'>({ ...file, path, bytes: count, mimeType: mediaType }),
    'upload.acknowledged': of<'upload.acknowledged'>(file),
    'upload.failed': of<'upload.failed'>({ ...missing, attempts: count, retryAtMs: count }),
    'upload.expired': of<'upload.expired'>(missing),
    'upload.tooLarge': of<'upload.tooLarge'>(missing),
    'upload.lost': of<'upload.lost'>(file),
    'upload.deleted': of<'upload.deleted'>(file),
  };
}

/** As a server may call them; empty where it said nothing. */
export const DELIVERY_MODES: readonly string[] = ['poll', 'push', 'push-async'];
const SKIP_REASONS: Readonly<Record<SkipReason, true>> = {
  own_echo: true,
  own_report: true,
  own_upload: true,
  queued_envelope: true,
  known_upload: true,
  other_activity: true,
  acknowledged: true,
};
/** What a machine was at when its token was refused. */
const WORK = ['register', 'heartbeat', 'feed', 'wakeUps', 'confirm'];
const UNREADABLE = ['not an object', 'no id', 'no readable created_at'];
