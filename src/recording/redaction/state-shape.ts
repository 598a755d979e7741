import type { Upload } from '../../domain/files/upload.ts';
import type { FeedState, InboxState, Sending, WaitingMessage } from '../../domain/inbox/inbox-state.ts';
import type { StateJson } from '../../domain/inbox/state-json.ts';
import { DELIVERY_MODES } from './event-shapes.ts';
import type { InboxShapes } from './inbox-shapes.ts';
import type { Leaves } from './leaves.ts';
import { count, fields, flag, listOf, pairOf, type Shape } from './shape.ts';

/** What may be told of a workspace's state. */
export function stateShape(leaves: Leaves, inbox: InboxShapes): Shape {
  const { id, address, mediaType, oneOf, fileName } = leaves;
  const { point, outcome, sentFiles, held } = inbox;
  const ids = listOf(id);
  const upload = fields<Upload>({
    fileId: id,
    uri: address,
    name: fileName,
    mimeType: mediaType,
    size: count,
    row: point,
    announcedAtMs: count,
    outcome,
    attempts: count,
    retryAtMs: count,
    acknowledged: flag,
    shownBy: id,
    missedBy: id,
    sendingId: oneOf(['own'], id),
  });
  const waiting = fields<WaitingMessage>({
    ...held,
    outcomes: listOf(outcome),
    releasedSeq: count,
    offeredIn: listOf(count),
    offeredAtMs: count,
  });
  return fields<StateJson>({
    version: count,
    seq: count,
    session: count,
    feed: fields<FeedState>({ cursor: point, floorMicros: count, startMicros: count, ackedSeq: count }),
    registeredAs: oneOf(DELIVERY_MODES),
    access: oneOf(['unknown', 'accepted', 'refused', 'removed']),
    counts: fields<InboxState['counts']>({
      received: count,
      popped: count,
      skipped: count,
      unreadable: count,
      noticesPopped: count,
    }),
    seenIds: ids,
    seenAtMicros: listOf(count),
    held: listOf(fields(held)),
    inbox: listOf(waiting),
    uploads: listOf(upload),
    ownUploads: listOf(pairOf(id, count)),
    sendings: listOf(pairOf(id, fields<Sending>({ files: sentFiles, atMs: count }))),
    requests: ids,
    poppedAtMs: count,
  });
}
