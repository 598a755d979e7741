import * as z from 'zod';
import { json, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import { showRow } from '../rules/activity-row.ts';
import { feedPage } from '../rules/feed-page.ts';
import { parseFeedQuery } from '../rules/feed-query.ts';
import { decodeBody, goRaw, goText } from '../rules/go-json.ts';
import { peerInfo } from '../rules/peer-info.ts';
import { parseUuid } from '../rules/uuid.ts';
import type { World } from '../world/world.ts';

/** The feed and the agent's own reports to it (§4, §5.1). */
export const activityRoutes: readonly Route[] = [
  { at: 'GET /workspaces/:id/activity', guard: 'workspace', handle: readFeed },
  { at: 'POST /workspaces/:id/activity', guard: 'workspace', handle: report },
];

/** §4; the order of the checks is that of §4.4. */
function readFeed(call: Call, world: World) {
  const workspaceId = call.params.id ?? '';
  const query = parseFeedQuery(call.query);
  if (typeof query === 'string') refuse(400, query);
  const cursor = query.sinceId === undefined ? undefined : cursorRow(workspaceId, query.sinceId, world);
  if (query.source !== undefined && !['canvas', 'agent'].includes(query.source)) {
    refuse(400, "source must be 'canvas' or 'agent'");
  }
  if (parseUuid(workspaceId) === undefined) refuse(500, 'query failed');
  const rows = world.feed.rows(workspaceId);
  const page = feedPage(rows, query, cursor, world.clock.nowMs() * 1000, world.isHead());
  const withPeers = world.isHead() && query.include.includes('peer_info');
  return json(
    200,
    page.map((row) => ({
      ...showRow(row, world.isHead()),
      ...(withPeers && peerInfo(row, world.workspaces.get(row.sourceId ?? ''), call.baseUrl)),
    })),
  );
}

function cursorRow(workspaceId: string, sinceId: string, world: World) {
  const id = parseUuid(sinceId);
  if (id === undefined) refuse(500, 'cursor lookup failed');
  const row = world.feed.find(id);
  if (row === undefined || row.workspaceId !== workspaceId) {
    refuse(
      410,
      'since_id cursor not found (row may have been pruned or belongs to a different workspace); omit since_id to reset',
    );
  }
  return row;
}

/** Types that an agent may report itself (§4.5). */
const reportable = [
  'a2a_send',
  'a2a_receive',
  'task_update',
  'agent_log',
  'skill_promotion',
  'memory_write',
  'error',
];

const selfReport = z.object({
  activity_type: goText,
  method: goText,
  summary: goText,
  target_id: goText,
  error_detail: goText,
  source_id: goText,
  status: goText,
  duration_ms: z.int().nullish(),
  request_body: goRaw,
  response_body: goRaw,
  metadata: goRaw,
});

/** §5.1. Says `logged` even when the row is not stored. */
async function report(call: Call, world: World) {
  const workspaceId = call.params.id ?? '';
  const body = decodeBody(selfReport, (await call.readBody()).text);
  if (body === undefined || body.activity_type === '') refuse(400, 'invalid request body');
  if (!reportable.includes(body.activity_type)) {
    refuse(400, `invalid activity_type, must be one of: ${reportable.join(', ')}`);
  }
  if (body.source_id !== '' && body.source_id !== workspaceId) {
    refuse(403, 'source_id must match authenticated workspace');
  }
  if (body.target_id === '' || parseUuid(body.target_id) !== undefined) {
    const requestBody = body.request_body ?? body.metadata;
    await world.recordAndWake(workspaceId, {
      activityType: body.activity_type,
      method: body.method || null,
      summary: body.summary || null,
      sourceId: workspaceId,
      targetId: body.target_id || null,
      errorDetail: body.error_detail || null,
      status: body.status || 'ok',
      durationMs: body.duration_ms ?? null,
      ...(requestBody !== undefined && { requestBody }),
      ...(body.response_body !== undefined && { responseBody: body.response_body }),
    });
  }
  return json(200, { status: 'logged' });
}
