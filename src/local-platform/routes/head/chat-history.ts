import { json, refuse } from '../../http/reply.ts';
import type { Call, Route } from '../../http/route.ts';
import type { ActivityRow } from '../../rules/activity-row.ts';
import { parseLimit } from '../../rules/feed-query.ts';
import { isObject } from '../../rules/go-json.ts';
import { messageContent } from '../../rules/message-content.ts';
import { formatMicros, parseRfc3339 } from '../../rules/timestamps.ts';
import type { World } from '../../world/world.ts';
import { existingWorkspace } from '../existing-workspace.ts';

/** The conversation with the person in the canvas (§15.1). */
export const chatHistoryRoutes: readonly Route[] = [
  { at: 'GET /workspaces/:id/chat-history', guard: 'workspace', only: 'head', handle: history },
  { at: 'POST /workspaces/:id/chat-session/new', guard: 'workspace', only: 'head', handle: newSession },
];

const defaultLimit = 100;
const maxLimit = 1000;

/** Oldest first, the newest `limit`, nothing from before the session's start. */
function history(call: Call, world: World) {
  const before = call.query.get('before_ts') ?? '';
  const beforeMicros = before === '' ? Number.POSITIVE_INFINITY : parseRfc3339(before);
  if (beforeMicros === undefined) {
    refuse(400, 'before_ts must be an RFC3339 timestamp (e.g. 2026-05-01T00:00:00Z)');
  }
  const { id, chatSessionMicros } = existingWorkspace(call, world);
  const rows = world.feed
    .rows(id)
    .filter(
      (row) =>
        isHumanChat(row) && row.createdAtMicros < beforeMicros && row.createdAtMicros > chatSessionMicros,
    );
  const limit = parseLimit(call.query.get('limit'), defaultLimit, maxLimit);
  return json(200, { messages: rows.slice(-limit).map(showMessage), reached_end: rows.length <= limit });
}

const isHumanChat = (row: ActivityRow): boolean =>
  row.activityType === 'a2a_receive' &&
  row.sourceId === null &&
  (row.method === 'notify' || row.method === 'message/send');

function showMessage(row: ActivityRow) {
  const common = { timestamp: formatMicros(row.createdAtMicros) };
  if (row.method === 'notify') {
    return { id: `${row.id}:agent`, role: 'agent', ...messageContent(row.responseBody), ...common };
  }
  const said = { id: `${row.id}:user`, ...messageContent(row.requestBody), ...common };
  return isFromPlatform(row) ? { ...said, role: 'system', systemKind: 'notice' } : { ...said, role: 'user' };
}

/** §15.15. */
function isFromPlatform(row: ActivityRow): boolean {
  const params = isObject(row.requestBody) ? row.requestBody.params : undefined;
  const message = isObject(params) ? params.message : undefined;
  const metadata = isObject(message) ? message.metadata : undefined;
  return isObject(metadata) && metadata.source === 'platform';
}

function newSession(call: Call, world: World) {
  const workspace = existingWorkspace(call, world);
  workspace.chatSessionMicros = world.clock.nowMicros();
  const started = {
    workspace_id: workspace.id,
    chat_session_started_at: formatMicros(workspace.chatSessionMicros),
  };
  world.wakeUps.raise(workspace.id, 'SESSION_RESET', started);
  return json(200, started);
}
