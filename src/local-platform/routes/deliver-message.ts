import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { json, Refusal, type Reply, refuse } from '../http/reply.ts';
import { modernise, normaliseEnvelope } from '../rules/a2a-envelope.ts';
import { parseUuid } from '../rules/uuid.ts';
import type { Workspace } from '../world/workspaces.ts';
import type { World } from '../world/world.ts';
import type { Caller } from './caller.ts';
import { ingestMessage } from './ingest-message.ts';
import { relayToAgent } from './relay.ts';

/**
 * Brings a message to a workspace, in the order of §6.4: access, budget, body, delivery. A poll workspace gets a row
 * and the sender the queued envelope; a push workspace is called and its answer handed through.
 */
export async function deliverMessage(
  world: World,
  caller: Caller,
  targetId: string,
  text: string,
): Promise<Reply> {
  if (caller.id !== null && !world.mayTalk(caller.id, targetId)) {
    refuse(403, 'access denied: workspaces cannot communicate per hierarchy rules');
  }
  const target = world.workspaces.get(targetId);
  if (target?.budgetLimit != null && target.monthlySpend >= target.budgetLimit) {
    refuse(402, 'workspace budget limit exceeded');
  }
  const message = normaliseEnvelope(text, randomUUID, world.isHead() ? 'invalid A2A body' : 'invalid JSON');
  if (!message.ok) throw new Refusal(json(400, message.refusal));
  if (world.isHead() && message.method === 'message/send') checkDelegating(caller, world);
  if (parseUuid(targetId) === undefined) refuse(500, 'lookup failed');
  if (target === undefined) refuse(404, 'workspace not found');

  const { canvas } = caller;
  const turnOfCanvas =
    canvas === undefined ? undefined : { workspaceId: targetId, marked: canvas === 'marked' };
  const { method } = message;
  const envelope = world.isHead() ? modernise(message.envelope, method, turnOfCanvas) : message.envelope;
  if (target.deliveryMode === 'push') return relayToAgent(target, envelope);
  if (world.isHead()) await ingestMessage(world, caller, target, method, envelope);
  else storeSoon(world, caller, target, method, envelope);
  return json(
    200,
    { delivery_mode: 'poll', method, status: 'queued' },
    { 'content-type': 'application/json' },
  );
}

/** §15.6: a workspace that may not delegate may not send either. */
export function checkDelegating(caller: Pick<Caller, 'id'>, world: World): void {
  if (caller.id !== null && world.workspaces.get(caller.id)?.canDelegate === false)
    refuse(403, 'tool call failed');
}

/** May writes the row from a detached goroutine: the sender usually has its reply before the row can be read. */
function storeSoon(world: World, caller: Caller, target: Workspace, method: string, envelope: unknown): void {
  const draft = {
    createdAtMicros: world.clock.nowMicros(),
    activityType: 'a2a_receive',
    method,
    sourceId: caller.id,
    targetId: target.id,
    summary: `${method} → ${target.name} (queued for poll)`,
    requestBody: envelope,
  };
  world.busyness.detach(async () => {
    await turn();
    await world.recordAndWake(target.id, draft);
  });
}
