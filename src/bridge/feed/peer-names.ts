import * as z from 'zod';
import { identityField } from '../../domain/identity.ts';
import type { InboxMessage } from '../../domain/message.ts';
import type { WorkspacePlatform } from '../../domain/ports/platform.ts';
import type { Clock } from '../../domain/ports/runtime.ts';

/** The registry's names of those who write, for servers whose rows do not tell them (§10.1, §15.4). */
export interface PeerNames {
  /** The message with its sender's name, if that is known by now; else it asks for the next one's sake. */
  name(message: InboxMessage): InboxMessage;
}

/** What naming peers takes. */
export interface PeerNameParts {
  readonly workspaceId: string;
  readonly platform: Pick<WorkspacePlatform, 'call'>;
  readonly clock: Clock;
}

/** Keeps the list of peers for five minutes, those that are not on it as well; it is asked for in the background only. */
export function createPeerNames({ workspaceId, platform, clock }: PeerNameParts): PeerNames {
  let names: ReadonlyMap<string, Pick<InboxMessage, 'peer_name' | 'peer_role'>> = new Map();
  let askAgainAtMs = Number.NEGATIVE_INFINITY;

  async function ask(): Promise<void> {
    const path = `/registry/${workspaceId}/peers`;
    const within = AbortSignal.timeout(ANSWER_WITHIN_MS);
    const { body } = await platform.call({ method: 'GET', path, identify: true }, within);
    const peers = z.array(z.unknown()).catch([]).parse(body);
    names = new Map(
      peers.flatMap((raw) => {
        const peer = peerSchema.safeParse(raw).data;
        return peer ? [[peer.id.toLowerCase(), shown(peer)] as const] : [];
      }),
    );
  }

  return {
    name(message) {
      if (message.peer_id === '' || message.peer_name !== undefined) return message;
      if (clock() >= askAgainAtMs) {
        askAgainAtMs = clock() + KEPT_FOR_MS;
        ask().catch(() => {});
      }
      return { ...message, ...names.get(message.peer_id.toLowerCase()) };
    },
  };
}

function shown({ name, role }: { readonly name: string; readonly role: string }) {
  const [peerName, peerRole] = [identityField(name), identityField(role)];
  return {
    ...(peerName === null ? {} : { peer_name: peerName }),
    ...(peerRole === null ? {} : { peer_role: peerRole }),
  };
}

const peerSchema = z.object({
  id: z.string().min(1),
  name: z.string().catch(''),
  role: z.string().catch(''),
});

const KEPT_FOR_MS = 300_000;
const ANSWER_WITHIN_MS = 5_000;
