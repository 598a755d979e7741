import type { ActivityRow } from '../rules/activity-row.ts';
import { isObject } from '../rules/go-json.ts';
import type { World } from './world.ts';

/** A task handed to another workspace (§8). */
export interface Delegation {
  readonly id: string;
  readonly sourceId: string;
  readonly targetId: string;
  readonly task: string;
  readonly key: string;
  status: string;
}

/** The id that a delegation's row carries in one of its bodies. */
export function delegationIdOf(row: ActivityRow): string | undefined {
  for (const body of [row.requestBody, row.responseBody]) {
    if (isObject(body) && typeof body.delegation_id === 'string') return body.delegation_id;
  }
  return undefined;
}

const isRowOf = (delegation: Delegation) => (row: ActivityRow) =>
  row.method === 'delegate' && delegationIdOf(row) === delegation.id;

/** Writes the row that follows a delegation through its states (§8.1). */
export async function openDelegation(world: World, delegation: Delegation): Promise<void> {
  world.delegations.set(delegation.id, delegation);
  await world.record(delegation.sourceId, {
    activityType: 'delegation',
    method: 'delegate',
    sourceId: delegation.sourceId,
    targetId: delegation.targetId,
    status: delegation.status,
    summary: `Delegating to ${delegation.targetId}`,
    requestBody: { task: delegation.task, delegation_id: delegation.id },
  });
}

/** Changes a delegation's state, and its row in place: a cursor never shows that. */
export function setDelegationStatus(
  world: World,
  delegation: Delegation,
  status: string,
  error?: string,
): void {
  delegation.status = status;
  const change = error === undefined ? { status } : { status, errorDetail: error };
  world.feed.update(delegation.sourceId, isRowOf(delegation), change);
}

/** Forgets a failed delegation, so that its key may be used again: its row is deleted. */
export function dropDelegation(world: World, delegation: Delegation): void {
  world.delegations.delete(delegation.id);
  world.feed.prune(delegation.sourceId, isRowOf(delegation));
}

/** How a delegation ended: what the target said, or why it failed. */
export type DelegationResult = { readonly text: string } | { readonly error: string };

/** Writes a result into the delegator's feed, and into its inbox where the server is set up so (§8.1, §8.4). */
export async function closeDelegation(
  world: World,
  delegation: Delegation,
  result: DelegationResult,
): Promise<void> {
  const { id, sourceId, targetId } = delegation;
  const done = 'text' in result;
  await world.record(sourceId, {
    activityType: 'delegation',
    method: 'delegate_result',
    sourceId,
    targetId,
    status: done ? 'completed' : 'failed',
    summary: done ? `Delegation completed (${result.text})` : 'Delegation failed',
    ...(done ? { responseBody: { text: result.text, delegation_id: id } } : { errorDetail: result.error }),
  });
  setDelegationStatus(world, delegation, done ? 'completed' : 'failed', done ? undefined : result.error);
  const told = { delegation_id: id, target_id: targetId };
  if (done) world.wakeUps.raise(sourceId, 'DELEGATION_COMPLETE', { ...told, response_preview: result.text });
  else world.wakeUps.raise(sourceId, 'DELEGATION_FAILED', { ...told, error: result.error });
  if (world.options.delegationResultsToInbox) await pushResult(world, delegation, result);
}

/** The extra inbox row: its source is the delegator itself, and no `ACTIVITY_LOGGED` tells of it. */
async function pushResult(world: World, delegation: Delegation, result: DelegationResult): Promise<void> {
  const done = 'text' in result;
  await world.record(delegation.sourceId, {
    activityType: 'a2a_receive',
    method: 'delegate_result',
    sourceId: delegation.sourceId,
    status: done ? 'ok' : 'error',
    summary: done ? 'Delegation result delivered' : 'Delegation failed',
    errorDetail: done ? null : result.error,
    requestBody: { delegation_id: delegation.id },
    responseBody: { text: done ? result.text : '', delegation_id: delegation.id },
  });
}
