import type { ActivityRow } from '../rules/activity-row.ts';
import { isObject } from '../rules/go-json.ts';
import type { World } from './world.ts';

/** A task handed to another workspace (§8). Times are microseconds since 1970. */
export interface Delegation {
  readonly id: string;
  readonly sourceId: string;
  readonly targetId: string;
  readonly task: string;
  /** The caller's idempotency key; empty for none. */
  readonly key: string;
  readonly createdAtMicros: number;
  status: string;
  updatedAtMicros: number;
  result?: DelegationResult;
}

/** How a delegation ended: what the target said, or why it failed. */
export type DelegationResult = { readonly text: string } | { readonly error: string };

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
export async function openDelegation(
  world: World,
  order: Pick<Delegation, 'id' | 'sourceId' | 'targetId' | 'task' | 'key' | 'status'>,
): Promise<Delegation> {
  const now = world.clock.nowMicros();
  const delegation: Delegation = { ...order, createdAtMicros: now, updatedAtMicros: now };
  world.delegations.set(delegation.id, delegation);
  await world.record(delegation.sourceId, {
    activityType: 'delegation',
    method: 'delegate',
    sourceId: delegation.sourceId,
    targetId: delegation.targetId,
    status: delegation.status,
    summary: `Delegating to ${delegation.targetId}`,
    requestBody: { task: delegation.task, delegation_id: delegation.id },
    ...(world.isHead() && { responseBody: { delegation_id: delegation.id } }),
  });
  return delegation;
}

/** Changes a delegation's state, and its row in place: a cursor never shows that. */
export function setDelegationStatus(
  world: World,
  delegation: Delegation,
  status: string,
  error?: string,
): void {
  delegation.status = status;
  delegation.updatedAtMicros = world.clock.nowMicros();
  const change = error === undefined ? { status } : { status, errorDetail: error };
  world.feed.update(delegation.sourceId, isRowOf(delegation), change);
}

/** Forgets a failed delegation, so that its key may be used again: its row is deleted. */
export function dropDelegation(world: World, delegation: Delegation): void {
  world.delegations.delete(delegation.id);
  world.feed.prune(delegation.sourceId, isRowOf(delegation));
}

/**
 * Ends a delegation: writes its result into the delegator's feed, and into its inbox where the server is set up so
 * (§8.1, §8.4).
 *
 * @param by whether the platform saw the end itself, or the agent told it with `…/update` (§8.3).
 */
export async function closeDelegation(
  world: World,
  delegation: Delegation,
  result: DelegationResult,
  by: 'platform' | 'agent',
): Promise<void> {
  const { id, sourceId } = delegation;
  const done = 'text' in result;
  const targetId = by === 'agent' && world.isHead() ? null : delegation.targetId;
  // In May a failure that the agent tells writes no result row.
  if (done || by === 'platform' || world.isHead()) {
    await world.record(sourceId, {
      activityType: 'delegation',
      method: 'delegate_result',
      sourceId,
      targetId,
      status: done ? 'completed' : 'failed',
      ...(done ? completed(id, result.text) : failed(id, result.error, by, world.isHead())),
    });
  }
  delegation.result = result;
  setDelegationStatus(world, delegation, done ? 'completed' : 'failed', done ? undefined : result.error);
  const told = { delegation_id: id, target_id: delegation.targetId };
  if (done) world.wakeUps.raise(sourceId, 'DELEGATION_COMPLETE', { ...told, response_preview: result.text });
  else world.wakeUps.raise(sourceId, 'DELEGATION_FAILED', { ...told, error: result.error });
  if (pushesResult(world, by, done)) await pushResult(world, delegation, result, targetId);
}

const completed = (id: string, text: string) => ({
  summary: `Delegation completed (${text})`,
  responseBody: { text, delegation_id: id },
});

function failed(id: string, error: string, by: 'platform' | 'agent', isHead: boolean) {
  const known = by === 'agent' ? { error, delegation_id: id } : { delegation_id: id };
  return {
    summary: by === 'agent' ? `Delegation failed (${error})` : 'Delegation failed',
    errorDetail: error,
    ...(isHead && { responseBody: known }),
  };
}

/** With the ledger on, HEAD pushes failures alone (§15.12). */
function pushesResult(world: World, by: 'platform' | 'agent', done: boolean): boolean {
  if (!world.options.delegationResultsToInbox) return false;
  if (!world.isHead()) return done || by === 'platform';
  return !done || !world.options.delegationLedger;
}

/** The extra inbox row: its source is the delegator itself, and no `ACTIVITY_LOGGED` tells of it. */
async function pushResult(
  world: World,
  delegation: Delegation,
  result: DelegationResult,
  targetId: string | null,
): Promise<void> {
  const done = 'text' in result;
  await world.record(delegation.sourceId, {
    activityType: 'a2a_receive',
    method: 'delegate_result',
    sourceId: delegation.sourceId,
    targetId: world.isHead() ? targetId : null,
    status: done ? 'ok' : 'error',
    summary: done ? 'Delegation result delivered' : 'Delegation failed',
    errorDetail: done ? null : result.error,
    requestBody: { delegation_id: delegation.id },
    responseBody: { text: done ? result.text : '', delegation_id: delegation.id },
  });
}
