import * as z from 'zod';
import { requireOwnToken } from '../http/guards.ts';
import { empty, json, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import { decodeBody, goText } from '../rules/go-json.ts';
import { parseUuid } from '../rules/uuid.ts';
import type { Workspace } from '../world/workspaces.ts';
import type { World } from '../world/world.ts';

/** Who else is there, and who may talk to whom (§10.1–10.3). */
export const peerRoutes: readonly Route[] = [
  { at: 'GET /registry/:id/peers', guard: 'open', handle: list },
  { at: 'GET /registry/discover/:id', guard: 'open', handle: discover },
  { at: 'POST /registry/check-access', guard: 'open', handle: checkAccess },
];

/** §10.1. In May a search that meets a peer without a role makes the server panic. */
function list(call: Call, world: World) {
  const id = call.params.id ?? '';
  requireOwnToken(call, id, world);
  if (parseUuid(id) === undefined) refuse(500, 'lookup failed');
  const workspace = world.workspaces.get(id);
  if (workspace === undefined) refuse(404, 'workspace not found');
  const peers = peersOf(workspace, world);
  const search = (call.query.get('q') ?? '').toLowerCase();
  if (search === '') return json(200, peers.map(showPeer));
  if (!world.isHead() && peers.some((peer) => peer.role === null)) return empty(500);
  const found = peers.filter(({ name, role }) => `${name}\n${role ?? ''}`.toLowerCase().includes(search));
  return json(200, found.map(showPeer));
}

/** Siblings, children, parent; in May every other root is a root's sibling, at HEAD none (§15.6). */
function peersOf(workspace: Workspace, world: World): Workspace[] {
  const present = [...world.workspaces.values()].filter(
    (other) => other.id !== workspace.id && other.status !== 'removed',
  );
  const hasSiblings = workspace.parentId !== null || !world.isHead();
  const siblings = present.filter((other) => hasSiblings && other.parentId === workspace.parentId);
  const children = present.filter((other) => other.parentId === workspace.id);
  const parent = present.filter((other) => other.id === workspace.parentId);
  return [...siblings, ...children, ...parent];
}

function showPeer(peer: Workspace) {
  return {
    active_tasks: peer.activeTasks,
    agent_card: peer.agentCard ?? null,
    id: peer.id,
    name: peer.name,
    parent_id: peer.parentId,
    role: peer.role,
    status: peer.status,
    tier: peer.tier,
    url: peer.url,
  };
}

/** §10.2. */
function discover(call: Call, world: World) {
  const callerId = String(call.headers['x-workspace-id'] ?? '');
  if (callerId === '') refuse(400, 'X-Workspace-ID header is required');
  requireOwnToken(call, callerId, world);
  const id = call.params.id ?? '';
  if (!world.mayTalk(callerId, id)) refuse(403, 'not authorized to discover this workspace');
  const peer = world.workspaces.get(id);
  if (peer === undefined) refuse(404, 'workspace not found');
  if (!['online', 'degraded'].includes(peer.status)) {
    refuse(503, 'workspace not available', { status: peer.status });
  }
  return json(200, { id, name: peer.name, url: peer.url || `http://ws-${id.slice(0, 12)}:8000` });
}

const question = z.object({ caller_id: goText, target_id: goText });

/** §10.3. */
async function checkAccess(call: Call, world: World) {
  const body = decodeBody(question, (await call.readBody()).text);
  if (body === undefined || body.caller_id === '' || body.target_id === '')
    refuse(400, 'invalid request body');
  return json(200, { allowed: world.mayTalk(body.caller_id, body.target_id) });
}
