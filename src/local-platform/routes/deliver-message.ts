import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { json, Refusal, type Reply, refuse } from '../http/reply.ts';
import { normaliseEnvelope } from '../rules/a2a-envelope.ts';
import { parseUuid } from '../rules/uuid.ts';
import type { World } from '../world/world.ts';
import { relayToAgent } from './relay.ts';

/**
 * Brings a message to a workspace, in the order of §6.4: access, budget, body, delivery. A poll workspace gets a row
 * and the sender the queued envelope; a push workspace is called and its answer handed through.
 *
 * @param callerId the workspace that speaks, or null for the canvas.
 */
export async function deliverMessage(
  world: World,
  callerId: string | null,
  targetId: string,
  text: string,
): Promise<Reply> {
  if (callerId !== null && !world.mayTalk(callerId, targetId)) {
    refuse(403, 'access denied: workspaces cannot communicate per hierarchy rules');
  }
  const target = world.workspaces.get(targetId);
  if (target?.budgetLimit != null && target.monthlySpend >= target.budgetLimit) {
    refuse(402, 'workspace budget limit exceeded');
  }
  const message = normaliseEnvelope(text, randomUUID);
  if (!message.ok) throw new Refusal(json(400, message.refusal));
  if (parseUuid(targetId) === undefined) refuse(500, 'lookup failed');
  if (target === undefined) refuse(404, 'workspace not found');
  if (target.deliveryMode === 'push') return relayToAgent(target, message.envelope);

  const draft = {
    createdAtMicros: world.clock.nowMicros(),
    activityType: 'a2a_receive',
    method: message.method,
    sourceId: callerId,
    targetId,
    summary: `${message.method} → ${target.name} (queued for poll)`,
    requestBody: message.envelope,
  };
  // May writes the row from a detached goroutine: the caller usually has its reply before the row can be read.
  world.busyness.detach(async () => {
    await turn();
    await world.recordAndWake(targetId, draft);
  });
  return json(
    200,
    { delivery_mode: 'poll', method: message.method, status: 'queued' },
    { 'content-type': 'application/json' },
  );
}
