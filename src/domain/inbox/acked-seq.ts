import type { InboxState } from './inbox-state.ts';

/**
 * Up to which `seq` the platform may be told that this machine has everything (§15.4): the stored cursor's own, which lags
 * behind what was read, and below every row that could still be lost: a message that was not popped, a file that no popped
 * message has shown. Null when there is nothing to tell, as on servers whose rows have no `seq`.
 */
export function ackableSeq(state: Readonly<InboxState>): number | null {
  const seq = state.feed?.cursor?.seq;
  if (seq === undefined) return null;
  let below = seq + 1;
  const keep = (open: number | undefined) => {
    if (open !== undefined && open < below) below = open;
  };
  for (const { row } of state.held.values()) keep(row.seq);
  for (const { row } of state.inbox.values()) keep(row.seq);
  for (const { row, shownBy, sendingId } of state.uploads.values()) {
    if (sendingId !== null) continue;
    if (shownBy === null || state.held.has(shownBy) || state.inbox.has(shownBy)) keep(row?.seq);
  }
  return below > 0 ? below - 1 : null;
}
