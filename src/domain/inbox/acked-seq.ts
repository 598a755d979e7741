import type { FeedPoint } from '../events.ts';
import { isSettled } from '../files/upload.ts';
import type { HeldMessage, InboxState } from './inbox-state.ts';

/**
 * Up to which `seq` the platform may be told that this machine has everything (§15.4): the stored cursor's own, which lags
 * behind what was read, and below every row that could still be lost: a message that was not popped, a file that no popped
 * message has shown, or that was told as missing and may still come, or of which it is not known whose it is. Null when there is nothing to tell: on servers whose rows have no `seq`, and while something is open
 * that was read before the server had them, since nobody knows which it got.
 */
export function ackableSeq(state: Readonly<InboxState>): number | null {
  const cursor = state.feed?.cursor;
  if (cursor?.seq === undefined) return null;
  let below = cursor.seq + 1;
  for (const { seq, atMicros } of openRows(state)) {
    if (seq !== undefined) below = Math.min(below, seq);
    else if (atMicros <= cursor.atMicros) return null;
  }
  return below > 0 ? below - 1 : null;
}

function* openRows({ held, inbox, uploads }: Readonly<InboxState>): Generator<FeedPoint> {
  for (const message of held.values()) if (isOfFeed(message)) yield message.row;
  for (const message of inbox.values()) if (isOfFeed(message)) yield message.row;
  for (const { row, shownBy, missedBy, outcome } of uploads.values()) {
    if (row === null) continue;
    const isComing = missedBy !== null && !isSettled(outcome);
    if (isComing || shownBy === null || held.has(shownBy) || inbox.has(shownBy)) yield row;
  }
}

/** Requests, news of files and answers that came after their call have no row; what a server with `seq` pushes has one. */
function isOfFeed({ message, conversation, row }: HeldMessage): boolean {
  const isLateAnswer = message.kind === 'delegation_result' && row.seq === undefined;
  return message.kind !== 'request' && conversation !== 'files' && !isLateAnswer;
}
