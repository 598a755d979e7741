import { randomUUID } from 'node:crypto';
import { AgentError } from '../domain/ports/agent.ts';
import { isRecord } from '../domain/record.ts';
import { frameLine } from '../domain/rendering/frame-text.ts';
import { type PeerReply, readPeerReply } from '../domain/wire/peer-reply.ts';
import { PlatformError } from '../domain/wire/platform-error.ts';
import type { PeerRoute } from '../domain/workspaces/routing.ts';
import { type OutboxDeps, type OwnWorkspace, workspaceOf } from './deps.ts';
import { perhapsDone, surelyNotDone } from './fate.ts';
import { explainRefusal, reasonOf } from './refusal.ts';
import { repeating } from './repeat.ts';
import { storable } from './storable.ts';

/** Sends to peers so that nothing is delivered twice (W-13). */
export interface PeerSender {
  /**
   * Sends one message and resolves with the peer's reply, however long that takes. Rejects with an {@link AgentError}.
   * A repeat of the same words to the same peer after a lost reply goes out under the same `messageId`.
   */
  send(route: PeerRoute, task: string): Promise<PeerReply>;
}

/** Makes the sender; it remembers lost replies, and which peers fetch their messages, as long as the process lives. */
export function createPeerSender(
  deps: Pick<OutboxDeps, 'workspaces' | 'clock' | 'stopping' | 'repeatPausesMs'>,
): PeerSender {
  const unconfirmed = new Map<string, { readonly messageId: string; readonly atMs: number }>();
  const fetchingPeers = new Set<string>();

  return {
    async send({ peerId, sourceWorkspaceId }, task) {
      const workspace = workspaceOf(deps.workspaces, sourceWorkspaceId);
      const text = storable(task);
      const key = JSON.stringify([sourceWorkspaceId, peerId, text]);
      const messageId = repeatedId(key) ?? randomUUID();
      try {
        const body = await repeating(
          () => workspace.platform.sendToPeer(peerId, { messageId, text }, deps.stopping),
          {
            mayRepeat: (error) =>
              surelyNotDone(error) || (perhapsDone(error) && knowsRepeats(workspace, peerId)),
            pausesMs: deps.repeatPausesMs ?? DEFAULT_PAUSES_MS,
            signal: deps.stopping,
          },
        );
        unconfirmed.delete(key);
        const reply = readPeerReply(body);
        if (reply.kind === 'accepted' && reply.queueId === null) fetchingPeers.add(peerId);
        return reply;
      } catch (error) {
        const refusal = inPeersWords(error);
        if (refusal !== error || !perhapsDone(error))
          throw explainRefusal(refusal, `The message to peer ${peerId}`);
        unconfirmed.set(key, { messageId, atMs: deps.clock() });
        throw unconfirmedSend(error, peerId, knowsRepeats(workspace, peerId));
      }
    },
  };

  /**
   * A newer platform takes a `messageId` once per inbox (§15.5); what it does for a peer that it calls is not known, so
   * only one that was seen to fetch its messages counts.
   */
  function knowsRepeats(workspace: OwnWorkspace, peerId: string): boolean {
    return workspace.rowsCarrySeq() && fetchingPeers.has(peerId);
  }

  function repeatedId(key: string): string | null {
    for (const [known, { atMs }] of unconfirmed) {
      if (deps.clock() - atMs > REMEMBERED_MS) unconfirmed.delete(known);
    }
    return unconfirmed.get(key)?.messageId ?? null;
  }
}

/** A push peer's own refusal is relayed with its status: its JSON-RPC error says more than "bad gateway". */
function inPeersWords(error: unknown): unknown {
  if (!(error instanceof PlatformError) || !isRecord(error.body) || !isRecord(error.body.error)) return error;
  const reply = readPeerReply(error.body);
  if (reply.kind !== 'failed') return error;
  return new AgentError(
    `The peer refused the message (${error.status}): ${frameLine(reply.reason, MAX_REASON_CHARS)}`,
    'Change the request, try another peer, do it yourself, or tell the user.',
    error,
  );
}

function unconfirmedSend(error: unknown, peerId: string, safe: boolean): AgentError {
  return new AgentError(
    `No reply came back (${reasonOf(error)}): peer ${peerId} may have got the message.`,
    safe
      ? 'Sending the very same words again is safe: it will not arrive twice.'
      : 'Do not send it again at once: an answer may still arrive as a message. If none does, ask the peer whether it got it.',
    error,
  );
}

const REMEMBERED_MS = 10 * 60_000;
const DEFAULT_PAUSES_MS = [500, 2000];

const MAX_REASON_CHARS = 2_000;
