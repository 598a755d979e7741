import type { WorkspaceFact } from '../../machines/workspace/events.ts';
import type { StoredEvent } from '../domain/events.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { hasRoom, type InboxLimits } from './room.ts';

/** What a workspace's machine has to know of its ledger. */
export type LedgerNews =
  | { readonly type: 'inbox.filled' }
  | { readonly type: 'inbox.drained' }
  | { readonly type: 'storage.failed' }
  | { readonly type: 'storage.healed' };

/** Whose ledger, what may wait in it, and who hears of it. */
export interface FollowParts {
  readonly workspaceId: string;
  readonly ledger: Ledger;
  readonly limits: InboxLimits;
  readonly logger: Pick<Logger, 'warn'>;
  readonly tell: (news: LedgerNews) => void;
  readonly onEvent: (event: StoredEvent) => void;
}

/**
 * Passes a ledger's events on, and tells when its inbox fills up and drains, and when its disk refuses, now or later, and
 * takes again; the result tells the first of these anew, to a machine that has just started.
 */
export function followLedger({
  workspaceId,
  ledger,
  limits,
  logger,
  tell,
  onEvent,
}: FollowParts): () => void {
  let full = !hasRoom(ledger, limits);
  const tellRoom = () => tell({ type: full ? 'inbox.filled' : 'inbox.drained' });
  ledger.events$.subscribe((event) => {
    if (CHANGES_ROOM.has(event.type) && hasRoom(ledger, limits) === full) {
      full = !full;
      tellRoom();
    }
    onEvent(event);
  });
  let told: string | undefined;
  ledger.trouble$.subscribe((trouble) => {
    // Each write that fails says so; once is enough, until it is another trouble.
    if (trouble?.message === told) return;
    told = trouble?.message;
    tell({ type: trouble ? 'storage.failed' : 'storage.healed' });
    logger.warn(`workspace ${workspaceId}: ${trouble ? notWritten(trouble) : 'the log is written again'}`);
  });
  tellRoom();
  return tellRoom;
}

/** Writes what a machine has found out into the log; a disk that refuses is told by the ledger's own trouble. */
export function recordFact(ledger: Ledger, fact: WorkspaceFact): void {
  const recorded =
    fact.type === 'feed.cursorExpired'
      ? { type: fact.type, data: { cursorId: ledger.state.feed?.cursor?.id ?? '' } }
      : fact;
  ledger.commit({ type: 'recordFact', fact: recorded }).catch(() => {});
}

function notWritten({ message }: Error): string {
  return `${message}; nothing new is taken until that is mended, the platform keeps it; what waits stays readable`;
}

const CHANGES_ROOM: ReadonlySet<string> = new Set(['message.received', 'message.popped']);
