import { setTimeout as pause } from 'node:timers/promises';
import { isRecord } from '../domain/record.ts';
import { PlatformError } from '../domain/wire/platform-error.ts';
import { type Delegation, findFullResult, readDelegations } from './delegations.ts';
import type { OwnWorkspace } from './deps.ts';
import type { FinalReply } from './late-answer.ts';

/**
 * Follows a delegation that the platform carries out (§8.2) until there is something to tell that the platform itself
 * will not: few servers push results into the inbox, and one with a ledger pushes failures only (§8.4, §15.12).
 * Resolves with null when the feed brings the answer anyway, or when the peer fetches its messages and answers with one
 * of its own. Looks every `everyMs`, through outages too, for at most a day. Rejects only when `signal` fires.
 */
export async function followDelegation(
  workspace: OwnWorkspace,
  delegationId: string,
  everyMs: number,
  signal: AbortSignal,
): Promise<FinalReply | null> {
  for (let looks = 0; looks * everyMs < LONGEST_MS; looks += 1) {
    await pause(everyMs, undefined, { signal, ref: false });
    try {
      const delegation = await find(workspace, delegationId, signal);
      if (delegation.status === 'accepted') return null;
      if (delegation.status !== 'completed' && delegation.status !== 'failed') continue;
      // The pushed row is written after the result: one more pause, and it is there if it ever comes.
      await pause(everyMs, undefined, { signal, ref: false });
      if (await wasPushed(workspace, delegationId, signal)) return null;
      if (delegation.status === 'failed')
        return { kind: 'failed', reason: delegation.error ?? delegation.summary };
      return { kind: 'answered', text: await wholeResult(workspace, delegation, signal) };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof PlatformError)) throw error;
    }
  }
  return { kind: 'failed', reason: 'it was not done within a day' };
}

/** The whole answer of a completed delegation; its beginning where the row that holds it is gone (W-61). */
export async function wholeResult(
  { id, platform }: OwnWorkspace,
  { delegation_id, result = '', result_truncated }: Delegation,
  signal: AbortSignal,
): Promise<string> {
  if (!result_truncated) return result;
  const query = { type: 'delegation', limit: '500' };
  const { body } = await platform.call({ method: 'GET', path: `/workspaces/${id}/activity`, query }, signal);
  return findFullResult(body, delegation_id) ?? result;
}

async function find(
  { id, platform }: OwnWorkspace,
  delegationId: string,
  signal: AbortSignal,
): Promise<Delegation> {
  const { body } = await platform.call({ method: 'GET', path: `/workspaces/${id}/delegations` }, signal);
  const found = readDelegations(body).find(({ delegation_id }) => delegation_id === delegationId);
  return found ?? { ...UNKNOWN, delegation_id: delegationId };
}

/** Whether the feed itself holds the result as an inbox row (§8.4). */
async function wasPushed(
  { id, platform }: OwnWorkspace,
  delegationId: string,
  signal: AbortSignal,
): Promise<boolean> {
  const query = { type: 'a2a_receive', source: 'agent', limit: '500' };
  const { body } = await platform.call({ method: 'GET', path: `/workspaces/${id}/activity`, query }, signal);
  return (Array.isArray(body) ? body : []).some(
    (row: unknown) =>
      isRecord(row) &&
      row.method === 'delegate_result' &&
      [row.request_body, row.response_body].some(
        (held) => isRecord(held) && held.delegation_id === delegationId,
      ),
  );
}

/** Not listed yet, or no longer. */
const UNKNOWN = { status: 'pending', target_id: '', summary: '', created_at: '' } as const;

const LONGEST_MS = 24 * 3600 * 1000;
