import * as z from 'zod';
import { AgentError, type CallContext, type Peer, type PeerList } from '../domain/ports/agent.ts';
import { PlatformError } from '../domain/wire/platform-error.ts';
import { routeAll } from '../domain/workspaces/routing.ts';
import type { OwnWorkspace } from '../outbox/deps.ts';
import { explainUnanswered, reasonOf } from '../outbox/refusal.ts';
import type { DirectoryDeps } from './deps.ts';

/**
 * The peers of one workspace, or of all when none is named (§10.1). A workspace that could not be asked is named with
 * the true reason (W-63); when none could be asked, that is the refusal.
 */
export async function listPeers(
  sourceWorkspaceId: string | undefined,
  call: CallContext,
  { workspaces, peers }: DirectoryDeps,
): Promise<PeerList> {
  const asked = routeAll(sourceWorkspaceId, workspaces);
  const lists = await Promise.allSettled(asked.map((workspace) => askOne(workspace, call.signal)));
  call.signal.throwIfAborted();
  const found: Peer[] = [];
  const refused: { readonly workspaceId: string; readonly error: unknown }[] = [];
  lists.forEach((list, index) => {
    const workspaceId = asked[index]?.id ?? '';
    if (list.status === 'rejected') {
      refused.push({ workspaceId, error: list.reason });
      return;
    }
    peers.note(
      workspaceId,
      list.value.map(({ id }) => id),
    );
    found.push(...list.value);
  });
  const failures = refused.map(({ workspaceId, error }) => ({ workspaceId, reason: reasonOf(error) }));
  if (failures.length < asked.length) return { peers: found, failures };
  if (failures.length <= 1) throw explainUnanswered(refused[0]?.error, 'Listing peers');
  throw new AgentError(
    `No workspace could be asked for its peers: ${failures.map((failure) => `${failure.workspaceId}: ${failure.reason}`).join('; ')}.`,
    'inbox_status shows how each workspace stands.',
  );
}

async function askOne({ id, platform }: OwnWorkspace, signal: AbortSignal): Promise<readonly Peer[]> {
  const path = `/registry/${id}/peers`;
  const { body } = await platform.call({ method: 'GET', path, identify: true }, signal);
  if (!Array.isArray(body)) throw new PlatformError('malformed', 'the list of peers is no list');
  return body.flatMap((raw) => {
    const peer = peerSchema.safeParse(raw);
    return peer.success ? [{ ...peer.data, via: id }] : [];
  });
}

/** Names and roles are a stranger's words: they are shown as such, and nothing is decided by them. */
const peerSchema = z.object({
  id: z.string().min(1),
  name: z.string().catch(''),
  role: z.string().catch(''),
  status: z.string().min(1).catch('unknown'),
});
