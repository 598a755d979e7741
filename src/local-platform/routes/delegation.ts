import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import * as z from 'zod';
import { json, Refusal, type Reply, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import { answerText } from '../rules/answer-text.ts';
import { decodeBody, goText, isObject, parseJson } from '../rules/go-json.ts';
import { parseUuid } from '../rules/uuid.ts';
import {
  closeDelegation,
  type Delegation,
  type DelegationResult,
  dropDelegation,
  openDelegation,
  setDelegationStatus,
} from '../world/delegations.ts';
import type { World } from '../world/world.ts';
import { checkDelegating, deliverMessage } from './deliver-message.ts';

/** Tasks handed to other workspaces (§8). */
export const delegationRoutes: readonly Route[] = [
  { at: 'POST /workspaces/:id/delegate', guard: 'workspace', handle: delegate },
  { at: 'POST /workspaces/:id/delegations/record', guard: 'workspace', handle: record },
  { at: 'POST /workspaces/:id/delegations/:delegationId/update', guard: 'workspace', handle: update },
];

const order = z.object({ target_id: goText, task: goText, idempotency_key: goText });

/** §8.1. Whether the target may be reached is found out after the 202. */
async function delegate(call: Call, world: World) {
  const sourceId = call.params.id ?? '';
  const body = decodeBody(order, (await call.readBody()).text);
  if (body === undefined || body.target_id === '' || body.task === '')
    refuse(400, 'invalid delegation request');
  if (world.isHead()) checkDelegating({ id: sourceId }, world);
  const targetId = parseUuid(body.target_id);
  if (targetId === undefined) refuse(400, 'target_id must be a valid UUID');
  if (targetId === sourceId) {
    const advice = {
      reason: 'the target is the delegator itself',
      hint: 'do the task yourself or choose a peer',
    };
    refuse(400, 'self-delegation not permitted', world.isHead() ? advice : {});
  }

  const key = body.idempotency_key;
  const earlier = key === '' ? undefined : delegationWithKey(world, sourceId, key);
  if (earlier !== undefined && earlier.status !== 'failed') {
    return json(200, {
      delegation_id: earlier.id,
      idempotent_hit: true,
      status: earlier.status,
      target_id: earlier.targetId,
    });
  }
  if (earlier !== undefined) dropDelegation(world, earlier);

  const id = randomUUID();
  const delegation = await openDelegation(world, {
    id,
    sourceId,
    targetId,
    task: body.task,
    key,
    status: 'pending',
  });
  world.busyness.detach(() => carryOut(world, delegation));
  return json(202, { delegation_id: id, status: 'delegated', target_id: targetId });
}

const delegationWithKey = (world: World, sourceId: string, key: string): Delegation | undefined =>
  [...world.delegations.values()].find(
    (candidate) => candidate.sourceId === sourceId && candidate.key === key,
  );

async function carryOut(world: World, delegation: Delegation): Promise<void> {
  await turn();
  setDelegationStatus(world, delegation, 'dispatched');
  const { id, sourceId, targetId, task } = delegation;
  world.wakeUps.raise(sourceId, 'DELEGATION_SENT', { delegation_id: id, target_id: targetId });
  const message = {
    role: 'user',
    messageId: id,
    parts: [{ type: 'text', text: task }],
    metadata: { delegation_id: id },
  };
  const text = JSON.stringify({ method: 'message/send', params: { message } });
  const caller = { id: sourceId, canvas: undefined };
  const reply = await deliverMessage(world, caller, targetId, text).catch((error: unknown) => {
    if (error instanceof Refusal) return error.reply;
    throw error;
  });
  await closeDelegation(world, delegation, resultOf(reply), 'platform');
}

/** A poll target's queued envelope counts as success, with the envelope itself as the text (§8.1). */
function resultOf(reply: Reply): DelegationResult {
  const body = reply.body.kind === 'bytes' ? reply.body.bytes.toString('utf8') : '';
  if (reply.status < 400) return { text: answerText(body) };
  const refusal = parseJson(body);
  return { error: isObject(refusal) ? String(refusal.error) : body };
}

const recorded = z.object({ target_id: goText, task: goText, delegation_id: goText });

/** §8.3: a delegation that was made elsewhere. */
async function record(call: Call, world: World) {
  const body = decodeBody(recorded, (await call.readBody()).text);
  if (body === undefined || body.target_id === '' || body.task === '' || body.delegation_id === '') {
    refuse(400, 'invalid request body');
  }
  const targetId = parseUuid(body.target_id);
  if (targetId === undefined) refuse(400, 'target_id must be a valid UUID');
  const id = body.delegation_id;
  const sourceId = call.params.id ?? '';
  await openDelegation(world, { id, sourceId, targetId, task: body.task, key: '', status: 'dispatched' });
  return json(202, { delegation_id: id, status: 'recorded' });
}

const change = z.object({ status: goText, error: goText, response_preview: goText });

/** §8.3. An unknown id is no error. */
async function update(call: Call, world: World) {
  const body = decodeBody(change, (await call.readBody()).text);
  if (body === undefined || body.status === '') refuse(400, 'invalid request body');
  if (!['completed', 'failed'].includes(body.status)) {
    refuse(
      400,
      world.isHead() ? 'status must be one of: completed, failed' : "status must be 'completed' or 'failed'",
    );
  }
  const delegation = world.delegations.get(call.params.delegationId ?? '');
  if (delegation !== undefined) {
    const result = body.status === 'completed' ? { text: body.response_preview } : { error: body.error };
    await closeDelegation(world, delegation, result, 'agent');
  }
  return json(200, { status: body.status, delegation_id: call.params.delegationId });
}
