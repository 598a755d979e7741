import { filter, firstValueFrom, fromEvent, map, merge, NEVER, type Observable, race, timer } from 'rxjs';
import type { WaitingMessage } from '../../domain/inbox/inbox-state.ts';
import { presentMessage } from '../../domain/inbox/present.ts';
import type { InboxMessage } from '../../domain/message.ts';
import type { Peek, PeekRequest } from '../../domain/ports/agent.ts';
import type { Ledger } from '../../ledger/ledger.ts';

/** One workspace's share of the inbox. */
export interface InboxSource {
  readonly workspaceId: string;
  readonly platformUrl: string;
  readonly ledger: Pick<Ledger, 'state' | 'durableSeq' | 'releasedAhead' | 'commit'>;
}

/** What an inbox is made of. */
export interface InboxParts {
  /** The ledgers that this process has open now. */
  readonly sources: () => readonly InboxSource[];
  /** Emits whenever a message was released, or a ledger was opened. */
  readonly arrivals$: Observable<unknown>;
  /** Whether each message says where it arrived: with several workspaces only (C6-16). */
  readonly named: boolean;
  /** Hears that messages were read. */
  readonly onRead?: () => void;
}

/** The inbox over all workspaces: what is durable and released, oldest first, each workspace's own order kept. */
export interface Inbox {
  peek(request: PeekRequest): Peek;
  pop(activityId: string, by: 'pop' | 'answer'): Promise<{ readonly removed: boolean }>;
  wait(timeoutMs: number, signal: AbortSignal): Promise<InboxMessage | null>;
  find(activityId: string): { readonly workspaceId: string; readonly message: InboxMessage } | null;
  waiting(): number;
}

/** An inbox over the ledgers that are open. */
export function createInbox({ sources, arrivals$, named, onRead = () => {} }: InboxParts): Inbox {
  const present = (source: InboxSource, waiting: WaitingMessage) =>
    presentMessage(waiting, source.ledger.state, named ? source.workspaceId : null);

  function find(activityId: string) {
    for (const source of sources()) {
      const waiting = source.ledger.state.inbox.get(activityId);
      if (waiting && isDurable(source, waiting)) {
        return { source, workspaceId: source.workspaceId, message: present(source, waiting) };
      }
    }
    return null;
  }

  function head(): InboxMessage | null {
    for (const { source, waiting } of inOrder(sources())) return present(source, waiting);
    return null;
  }

  return {
    peek({ limit, offset = 0, workspaceId, maxBytes = Number.POSITIVE_INFINITY }) {
      const scope =
        workspaceId === undefined
          ? sources()
          : sources().filter((source) => source.workspaceId === workspaceId);
      const messages: InboxMessage[] = [];
      let bytes = 0;
      let position = 0;
      for (const { source, waiting } of inOrder(scope)) {
        if (position++ < offset) continue;
        if (messages.length >= limit) break;
        const message = present(source, waiting);
        bytes += Buffer.byteLength(JSON.stringify(message));
        if (messages.length > 0 && bytes > maxBytes) break;
        messages.push(message);
      }
      const total = countWaiting(scope);
      if (messages.length > 0) onRead();
      return { messages, total, has_more: offset + messages.length < total };
    },

    async pop(activityId, by) {
      const found = find(activityId);
      if (!found) return { removed: false };
      const events = await found.source.ledger.commit({ type: 'popMessage', activityId, by });
      return { removed: events.length > 0 };
    },

    async wait(timeoutMs, signal) {
      const waiting = head();
      if (waiting) onRead();
      if (waiting || signal.aborted) return waiting;
      // A message that was popped before the waiter looked is none: it goes on waiting (W-29).
      const arrival$ = arrivals$.pipe(
        map(head),
        filter((message) => message !== null),
      );
      const given$: Observable<null> = merge(timer(timeoutMs), fromEvent(signal, 'abort')).pipe(
        map(() => null),
      );
      const message = await firstValueFrom(race(merge(arrival$, NEVER), given$));
      if (message) onRead();
      return message;
    },

    find(activityId) {
      const found = find(activityId);
      return found && { workspaceId: found.workspaceId, message: found.message };
    },

    waiting: () => countWaiting(sources()),
  };
}

/** A waiting message and where it waits. */
export interface Place {
  readonly source: InboxSource;
  readonly waiting: WaitingMessage;
}

/** All that waits, the oldest row first among the heads of the workspaces; lazy, since an inbox may hold 20,000. */
export function* inOrder(sources: readonly InboxSource[]): Generator<Place> {
  const heads = sources.map((source) => ({
    source,
    messages: durable(source),
    next: undefined as WaitingMessage | undefined,
  }));
  for (const head of heads) head.next = head.messages.next().value ?? undefined;
  while (true) {
    let oldest: (typeof heads)[number] | undefined;
    for (const head of heads) {
      if (head.next && (!oldest?.next || head.next.row.atMicros < oldest.next.row.atMicros)) oldest = head;
    }
    if (!oldest?.next) return;
    yield { source: oldest.source, waiting: oldest.next };
    oldest.next = oldest.messages.next().value ?? undefined;
  }
}

function* durable(source: InboxSource): Generator<WaitingMessage, undefined> {
  for (const waiting of source.ledger.state.inbox.values()) if (isDurable(source, waiting)) yield waiting;
  return undefined;
}

function isDurable(source: InboxSource, waiting: WaitingMessage): boolean {
  return waiting.releasedSeq <= source.ledger.durableSeq;
}

/** Looked at with each pop: it must not cost more the more waits. */
function countWaiting(sources: readonly InboxSource[]): number {
  return sources.reduce((count, { ledger }) => count + ledger.state.inbox.size - ledger.releasedAhead, 0);
}
