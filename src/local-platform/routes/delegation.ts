import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import * as z from 'zod';
import { json, Refusal, type Reply, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import type { ActivityRow } from '../rules/activity-row.ts';
import { answerText } from '../rules/answer-text.ts';
import { decodeBody, goText, isObject, parseJson } from '../rules/go-json.ts';
import { previewOf } from '../rules/preview.ts';
import { formatMicros } from '../rules/timestamps.ts';
import { parseUuid } from '../rules/uuid.ts';
import {
  closeDelegation,
  type Delegation,
  type DelegationResult,
  delegationIdOf,
  dropDelegation,
  openDelegation,
  setDelegationStatus,
} from '../world/delegations.ts';
import type { World } from '../world/world.ts';
import { deliverMessage } from './deliver-message.ts';

/** Tasks handed to other workspaces (§8). */
export const delegationRoutes: readonly Route[] = [
  { at: 'POST /workspaces/:id/delegate', guard: 'workspace', handle: delegate },
  { at: 'GET /workspaces/:id/delegations', guard: 'workspace', handle: list },
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
  const targetId = parseUuid(body.target_id);
  if (targetId === undefined) refuse(400, 'target_id must be a valid UUID');
  if (targetId === sourceId) refuse(400, 'self-delegation not permitted');

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

  const delegation: Delegation = {
    id: randomUUID(),
    sourceId,
    targetId,
    task: body.task,
    key,
    status: 'pending',
  };
  await openDelegation(world, delegation);
  world.busyness.detach(() => carryOut(world, delegation));
  return json(202, { delegation_id: delegation.id, status: 'delegated', target_id: targetId });
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
  const reply = await deliverMessage(world, sourceId, targetId, text).catch((error: unknown) => {
    if (error instanceof Refusal) return error.reply;
    throw error;
  });
  await closeDelegation(world, delegation, resultOf(reply));
}

/** A poll target's queued envelope counts as success, with the envelope itself as the text (§8.1). */
function resultOf(reply: Reply): DelegationResult {
  const body = reply.body.kind === 'bytes' ? reply.body.bytes.toString('utf8') : '';
  if (reply.status < 400) return { text: answerText(body) };
  const refusal = parseJson(body);
  return { error: isObject(refusal) ? String(refusal.error) : body };
}

const maxListed = 50;
const maxPreviewBytes = 300;

/** §8.2. */
function list(call: Call, world: World) {
  const rows = world.feed
    .rows(call.params.id ?? '')
    .filter(
      (row) =>
        row.activityType === 'delegation' ||
        (row.activityType === 'a2a_receive' && row.method === 'delegate_result'),
    );
  return json(200, rows.slice(-maxListed).reverse().map(showDelegationRow));
}

function showDelegationRow(row: ActivityRow) {
  const delegationId = delegationIdOf(row);
  const said = isObject(row.responseBody) ? row.responseBody.text : undefined;
  return {
    id: row.id,
    type: row.activityType,
    source_id: row.sourceId ?? '',
    target_id: row.targetId ?? '',
    summary: row.summary ?? '',
    status: row.status,
    created_at: formatMicros(row.createdAtMicros),
    ...(delegationId !== undefined && { delegation_id: delegationId }),
    ...(row.errorDetail !== null && { error: row.errorDetail }),
    ...(typeof said === 'string' && said !== '' && { response_preview: previewOf(said, maxPreviewBytes) }),
  };
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

/** §8.3. An unknown id is no error; in May a failure writes no result row. */
async function update(call: Call, world: World) {
  const body = decodeBody(change, (await call.readBody()).text);
  if (body === undefined || body.status === '') refuse(400, 'invalid request body');
  if (!['completed', 'failed'].includes(body.status)) refuse(400, "status must be 'completed' or 'failed'");
  const delegation = world.delegations.get(call.params.delegationId ?? '');
  if (delegation !== undefined) {
    if (body.status === 'completed')
      await closeDelegation(world, delegation, { text: body.response_preview });
    else setDelegationStatus(world, delegation, 'failed', body.error);
  }
  return json(200, { status: body.status, delegation_id: call.params.delegationId });
}
