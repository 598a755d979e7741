import { json, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import { formatMicros } from '../rules/timestamps.ts';
import type { Workspace } from '../world/workspaces.ts';
import type { World } from '../world/world.ts';
import { connectionBlock } from './connection.ts';
import { existingWorkspace } from './existing-workspace.ts';

/** Credentials of a workspace (§11.2). */
export const tokenRoutes: readonly Route[] = [
  { at: 'GET /workspaces/:id/tokens', guard: 'workspace', handle: list },
  { at: 'POST /workspaces/:id/tokens', guard: 'workspace', handle: issue },
  { at: 'DELETE /workspaces/:id/tokens/:tokenId', guard: 'workspace', handle: revoke },
  { at: 'POST /workspaces/:id/external/rotate', guard: 'workspace', handle: rotate },
  { at: 'GET /workspaces/:id/external/connection', guard: 'workspace', handle: connection },
  { at: 'GET /admin/workspaces/:id/test-token', guard: 'admin', only: 'may', handle: testToken },
  { at: 'POST /admin/workspaces/:id/tokens', guard: 'admin', only: 'head', handle: issue },
];

const maxLiveTokens = 50;

function list(call: Call, world: World) {
  const tokens = world.tokens.of(call.params.id ?? '').map((token) => ({
    id: token.id,
    prefix: token.prefix,
    created_at: formatMicros(token.createdAtMicros),
    last_used_at: null,
  }));
  return json(200, { tokens, count: tokens.length });
}

function issue(call: Call, world: World) {
  const workspace = existingWorkspace(call, world);
  if (world.tokens.of(workspace.id).length >= maxLiveTokens) refuse(429, 'too many active tokens');
  return json(201, {
    auth_token: world.tokens.issue(workspace.id),
    message: 'Save this token now — it cannot be retrieved again.',
    workspace_id: workspace.id,
  });
}

function revoke(call: Call, world: World) {
  const revoked = world.tokens.revoke(call.params.id ?? '', call.params.tokenId ?? '');
  if (revoked === 0) refuse(404, 'token not found or already revoked');
  return json(200, { status: 'revoked' });
}

function rotate(call: Call, world: World) {
  const workspace = external(call, world);
  world.tokens.revoke(workspace.id);
  const token = world.tokens.issue(workspace.id);
  world.wakeUps.raise(workspace.id, 'EXTERNAL_CREDENTIALS_ROTATED', { workspace_id: workspace.id });
  return json(200, { connection: connectionBlock(workspace, call.baseUrl, token, world.isHead()) });
}

function connection(call: Call, world: World) {
  return json(200, { connection: connectionBlock(external(call, world), call.baseUrl, '', world.isHead()) });
}

function testToken(call: Call, world: World) {
  const workspace = existingWorkspace(call, world);
  return json(200, { auth_token: world.tokens.issue(workspace.id), workspace_id: workspace.id });
}

function external(call: Call, world: World): Workspace {
  const workspace = existingWorkspace(call, world);
  if (workspace.runtime !== 'external') refuse(400, 'workspace is not external');
  return workspace;
}
