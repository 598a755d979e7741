import * as z from 'zod';
import { json, refuse } from '../../http/reply.ts';
import type { Call, Route } from '../../http/route.ts';
import { messageIdOf } from '../../rules/a2a-envelope.ts';
import type { ActivityRow } from '../../rules/activity-row.ts';
import { decodeBody, goText } from '../../rules/go-json.ts';
import type { Workspace } from '../../world/workspaces.ts';
import type { World } from '../../world/world.ts';
import { existingWorkspace } from '../existing-workspace.ts';

/** How far an agent has come with its feed (§15.1). */
export const activityAckRoutes: readonly Route[] = [
  { at: 'POST /workspaces/:id/activity/ack', guard: 'workspace', only: 'head', handle: acknowledge },
  { at: 'GET /workspaces/:id/mail/summary', guard: 'workspace', only: 'head', handle: summarise },
];

const ack = z.object({ acked_seq: z.int() });

/** A maximum: it never goes back, and may exceed what was sent. */
async function acknowledge(call: Call, world: World) {
  const body = decodeBody(ack, (await call.readBody()).text);
  if (body === undefined) refuse(400, 'acked_seq is required');
  if (body.acked_seq < 0) refuse(400, 'acked_seq must be >= 0');
  const workspace = world.workspaces.get(call.params.id ?? '');
  if (workspace === undefined) refuse(500, 'failed to record ack');
  workspace.lastAckedSeq = Math.max(workspace.lastAckedSeq ?? 0, body.acked_seq);
  return json(200, { last_acked_seq: workspace.lastAckedSeq });
}

const defaultOverdueSeconds = 21_600;
const minOverdueSeconds = 60;
const maxReceivedListed = 25;
const maxOverdueListed = 10;

/** Before the first acknowledgement nothing counts as received. */
function summarise(call: Call, world: World) {
  const overdueAfter = overdueSeconds(call);
  const workspace = existingWorkspace(call, world);
  const unread = unreadRows(workspace, world);
  const received = unread.filter((row) => row.method !== 'delegate_result');
  const waiting = [...world.delegations.values()].filter(
    ({ sourceId, status }) => sourceId === workspace.id && ['pending', 'dispatched'].includes(status),
  );
  const overdue = waiting
    .map((delegation) => ({
      delegation_id: delegation.id,
      target_workspace_id: delegation.targetId,
      age_seconds: Math.floor((world.clock.nowMs() - delegation.createdAtMicros / 1000) / 1000),
    }))
    .filter(({ age_seconds }) => age_seconds >= overdueAfter);
  return json(200, {
    mode: workspace.lastAckedSeq === null ? 'queued_backlog' : 'acked_seq',
    received: received.slice(0, maxReceivedListed).map(showReceived),
    received_list_cap: maxReceivedListed,
    received_unread: received.length,
    replies_unread: unread.length - received.length,
    sent_awaiting_reply: waiting.length,
    overdue: overdue.slice(0, maxOverdueListed),
    overdue_count: overdue.length,
    overdue_after_seconds: overdueAfter,
  });
}

function overdueSeconds(call: Call): number {
  const text = goText.parse(call.query.get('overdue_after_seconds'));
  if (text === '') return defaultOverdueSeconds;
  if (!/^\d+$/.test(text) || Number(text) < minOverdueSeconds) {
    refuse(400, `overdue_after_seconds must be an integer >= ${minOverdueSeconds}`);
  }
  return Number(text);
}

/** What came in from others since the acknowledgement, newest first. */
function unreadRows({ id, lastAckedSeq }: Workspace, world: World): ActivityRow[] {
  if (lastAckedSeq === null) return [];
  return world.feed
    .rows(id)
    .filter(
      (row) =>
        row.seq > lastAckedSeq &&
        row.activityType === 'a2a_receive' &&
        row.method !== 'notify' &&
        (row.sourceId !== id || row.method === 'delegate_result'),
    )
    .reverse();
}

function showReceived(row: ActivityRow) {
  const messageId = messageIdOf(row.requestBody);
  return {
    id: row.id,
    ...(messageId !== undefined && { message_id: messageId }),
    ...(row.sourceId !== null && { sender_id: row.sourceId }),
    ...(row.method !== null && { method: row.method }),
    seq: row.seq,
  };
}
