import { setTimeout as pause } from 'node:timers/promises';
import { isUuid } from '../domain/ids.ts';
import { isRecord } from '../domain/record.ts';
import { type PeerReply, readPeerReply } from '../domain/wire/peer-reply.ts';
import { PlatformError } from '../domain/wire/platform-error.ts';
import type { OwnWorkspace } from './deps.ts';

/**
 * Follows a message that the platform queued for a busy peer (§6.7) until the peer has answered, or the queue dropped it:
 * nothing else would ever tell. Looks every `everyMs`, through outages too, for at most a day. Rejects only when `signal` fires.
 */
export async function followQueue(
  { platform }: OwnWorkspace,
  item: { readonly peerId: string; readonly queueId: string },
  everyMs: number,
  signal: AbortSignal,
): Promise<PeerReply> {
  const { peerId, queueId } = item;
  if (!isUuid(queueId)) return failed('the platform queued the message under an id that is none');
  const path = `/workspaces/${peerId}/a2a/queue/${queueId.toLowerCase()}`;
  for (let looks = 0; looks * everyMs < LONGEST_MS; looks += 1) {
    await pause(everyMs, undefined, { signal, ref: false });
    try {
      const { body } = await platform.call({ method: 'GET', path, identify: true }, signal);
      const reply = readQueueItem(body);
      if (reply) return reply;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof PlatformError)) throw error;
      if (error.kind === 'not-found') return failed('the platform no longer has it in its queue');
    }
  }
  return failed('the peer did not get to it within a day');
}

/** The reply in a queue item; null while it is under way. */
function readQueueItem(item: unknown): PeerReply | null {
  if (!isRecord(item)) return null;
  if (item.status === 'completed') return readPeerReply(readBody(item.response_body));
  if (item.status !== 'failed' && item.status !== 'dropped') return null;
  const reason = typeof item.last_error === 'string' && item.last_error !== '' ? `: ${item.last_error}` : '';
  return failed(`the platform's queue ${item.status} it${reason}`);
}

/** Servers of May give the JSON as base64. */
function readBody(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(Buffer.from(body, 'base64').toString('utf8'));
  } catch {
    return body;
  }
}

function failed(reason: string): PeerReply {
  return { kind: 'failed', reason };
}

const LONGEST_MS = 24 * 3600 * 1000;
