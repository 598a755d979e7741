import type { InboxMessage } from '../../domain/message.ts';
import type { Peek, PeekRequest } from '../../domain/ports/agent.ts';
import { toMicros } from '../../domain/time.ts';

/**
 * One page over several shares of the inbox, each peeked from its oldest message on. Each share keeps its own order, and
 * the oldest of their heads comes first. A share that was cut short (by size) ends the page, so that no later message of
 * another overtakes what was not shown.
 */
export function mergePeeks(
  peeks: readonly Peek[],
  { limit, offset = 0, maxBytes = Number.POSITIVE_INFINITY }: Omit<PeekRequest, 'workspaceId'>,
): Peek {
  const total = peeks.reduce((sum, peek) => sum + peek.total, 0);
  const messages: InboxMessage[] = [];
  let bytes = 0;
  let position = 0;
  for (const message of inOrder(peeks)) {
    if (position++ < offset) continue;
    if (messages.length >= limit) break;
    bytes += Buffer.byteLength(JSON.stringify(message));
    if (messages.length > 0 && bytes > maxBytes) break;
    messages.push(message);
  }
  return { messages, total, has_more: offset + messages.length < total };
}

function* inOrder(peeks: readonly Peek[]): Generator<InboxMessage> {
  const shares = peeks.map(({ messages, has_more }) => ({ messages, next: 0, cut: has_more }));
  for (;;) {
    let oldest: { messages: readonly InboxMessage[]; next: number; atMicros: number } | null = null;
    for (const share of shares) {
      const head = share.messages[share.next];
      if (!head && share.cut) return;
      const atMicros = head ? (toMicros(head.created_at) ?? 0) : Number.POSITIVE_INFINITY;
      if (head && (!oldest || atMicros < oldest.atMicros)) oldest = Object.assign(share, { atMicros });
    }
    const message = oldest?.messages[oldest.next];
    if (!oldest || !message) return;
    oldest.next += 1;
    yield message;
  }
}
