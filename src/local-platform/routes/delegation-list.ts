import { json } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import type { ActivityRow } from '../rules/activity-row.ts';
import { isObject } from '../rules/go-json.ts';
import { previewOf } from '../rules/preview.ts';
import { formatMicros } from '../rules/timestamps.ts';
import { type Delegation, delegationIdOf } from '../world/delegations.ts';
import type { World } from '../world/world.ts';

/** Delegations and how they stand (§8.2, §15.12). */
export const delegationListRoutes: readonly Route[] = [
  { at: 'GET /workspaces/:id/delegations', guard: 'workspace', handle: list },
];

const maxListed = 50;
const maxPreviewBytes = 300;
const deadlineMicros = 6 * 3600 * 1_000_000;

/** Rows of the feed, several for one delegation; or, where HEAD keeps a ledger, one entry for each. */
function list(call: Call, world: World) {
  const workspaceId = call.params.id ?? '';
  if (world.isHead() && world.options.delegationLedger) {
    const entries = [...world.delegations.values()].filter(({ sourceId, targetId }) =>
      [sourceId, targetId].includes(workspaceId),
    );
    return json(
      200,
      newest(entries).map((entry) => showEntry(entry, workspaceId)),
    );
  }
  const rows = world.feed
    .rows(workspaceId)
    .filter(
      ({ activityType, method }) =>
        activityType === 'delegation' || (activityType === 'a2a_receive' && method === 'delegate_result'),
    );
  return json(
    200,
    newest(rows).map((row) => showRow(row, world.isHead())),
  );
}

const newest = <T>(oldestFirst: readonly T[]): T[] => oldestFirst.slice(-maxListed).reverse();

function showRow(row: ActivityRow, isHead: boolean) {
  const delegationId = delegationIdOf(row);
  const preview = previewOfRow(row, isHead);
  return {
    id: row.id,
    type: row.activityType,
    source_id: row.sourceId ?? '',
    target_id: row.targetId ?? '',
    summary: row.summary ?? '',
    status: row.status,
    created_at: formatMicros(row.createdAtMicros),
    ...(isHead && { direction: 'sent' }),
    ...(delegationId !== undefined && { delegation_id: delegationId }),
    ...(row.errorDetail !== null && { error: row.errorDetail }),
    ...(preview !== '' && { response_preview: previewOf(preview, maxPreviewBytes) }),
  };
}

/** The text of the answer; HEAD falls back to the whole body as its database prints it. */
function previewOfRow({ responseBody }: ActivityRow, isHead: boolean): string {
  if (!isObject(responseBody)) return '';
  if (typeof responseBody.text === 'string') return responseBody.text;
  if (!isHead) return '';
  const fields = Object.entries(responseBody).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `{${fields.join(', ')}}`;
}

function showEntry(delegation: Delegation, workspaceId: string) {
  const { result } = delegation;
  return {
    _ledger: true,
    delegation_id: delegation.id,
    source_id: delegation.sourceId,
    target_id: delegation.targetId,
    direction: delegation.sourceId === workspaceId ? 'sent' : 'received',
    summary: delegation.task,
    status: delegation.status,
    created_at: formatMicros(delegation.createdAtMicros),
    updated_at: formatMicros(delegation.updatedAtMicros),
    deadline: formatMicros(delegation.createdAtMicros + deadlineMicros),
    ...(result !== undefined &&
      'text' in result && { response_preview: previewOf(result.text, maxPreviewBytes) }),
    ...(result !== undefined && 'error' in result && { error: result.error }),
  };
}
