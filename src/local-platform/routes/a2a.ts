import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { json, Refusal, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import { normaliseEnvelope } from '../rules/a2a-envelope.ts';
import { bearerToken } from '../rules/bearer.ts';
import { parseUuid } from '../rules/uuid.ts';
import type { World } from '../world/world.ts';

/** Messages to a workspace (§6). */
export const a2aRoutes: readonly Route[] = [{ at: 'POST /workspaces/:id/a2a', guard: 'open', handle: send }];

/** Checks in the order of §6.4: caller, access, budget, body, delivery. */
async function send(call: Call, world: World) {
  const targetId = call.params.id ?? '';
  const callerId = callerOf(call, targetId, world);
  if (callerId !== null && !world.mayTalk(callerId, targetId)) {
    refuse(403, 'access denied: workspaces cannot communicate per hierarchy rules');
  }
  const target = world.workspaces.get(targetId);
  if (target?.budgetLimit != null && target.monthlySpend >= target.budgetLimit) {
    refuse(402, 'workspace budget limit exceeded');
  }

  const { text } = await call.readBody(world.figures().maxMessageBytes);
  const message = normaliseEnvelope(text, randomUUID);
  if (!message.ok) throw new Refusal(json(400, message.refusal));
  if (parseUuid(targetId) === undefined) refuse(500, 'lookup failed');
  if (target === undefined) refuse(404, 'workspace not found');
  if (target.deliveryMode === 'push') refuse(503, 'workspace has no URL', { status: target.status });

  const draft = {
    activityType: 'a2a_receive',
    method: message.method,
    sourceId: callerId,
    targetId,
    summary: `${message.method} → ${target.name} (queued for poll)`,
    requestBody: message.envelope,
  };
  // May writes the row from a detached goroutine: the caller usually has its reply before the row can be read.
  void world.recordAndWake(targetId, draft, turn());
  return json(
    200,
    { delivery_mode: 'poll', method: message.method, status: 'queued' },
    { 'content-type': 'application/json' },
  );
}

const reservedCaller = /^(webhook|system|test|channel):/;

/** Who is calling (§6.2): a workspace, or null for the canvas. */
function callerOf(call: Call, targetId: string, world: World): string | null {
  const token = bearerToken(call.headers.authorization);
  const claimed = String(call.headers['x-workspace-id'] ?? '');
  if (claimed === '') return world.workspaceOf(token)?.id ?? null;
  if (reservedCaller.test(claimed)) refuse(403, 'invalid caller ID');
  if (claimed === targetId || world.tokens.of(claimed).length === 0) return claimed;
  if (token === undefined) refuse(401, 'missing caller auth token');
  if (world.workspaceOf(token)?.id !== claimed) refuse(401, 'invalid caller auth token');
  return claimed;
}
