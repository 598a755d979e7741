import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { json, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import { decodeBody, goFlag, goInteger, goText } from '../rules/go-json.ts';
import { formatMicros } from '../rules/timestamps.ts';
import { parseUuid } from '../rules/uuid.ts';
import { removeWorkspace } from '../world/remove-workspace.ts';
import { descendants, newWorkspace, type Workspace } from '../world/workspaces.ts';
import type { World } from '../world/world.ts';
import { connectionBlock } from './connection.ts';
import { newInboundSecret } from './registry.ts';
import { showListedWorkspace, showWorkspace } from './workspace-view.ts';

/** Workspaces: making, seeing, changing and removing them (§10.4, §10.5, §11.1). */
export const workspaceRoutes: readonly Route[] = [
  { at: 'POST /workspaces', guard: 'admin', handle: create },
  { at: 'GET /workspaces', guard: 'admin', handle: list },
  { at: 'GET /workspaces/:id', guard: 'open', handle: show },
  { at: 'PATCH /workspaces/:id', guard: 'workspace', handle: change },
  { at: 'DELETE /workspaces/:id', guard: 'admin', handle: remove },
  { at: 'GET /workspaces/:id/state', guard: 'workspace', handle: state },
];

const creation = z.object({
  name: goText,
  runtime: goText,
  external: goFlag,
  delivery_mode: goText,
  url: goText,
  role: z.string().nullish(),
  parent_id: z.string().nullish(),
  tier: goInteger,
  budget_limit: z.number().nullish(),
  max_concurrent_tasks: goInteger,
});

/** §11.1. With a url it is online at once and gets no token. */
async function create(call: Call, world: World) {
  const body = decodeBody(creation, (await call.readBody()).text);
  if (body === undefined || body.name === '') refuse(400, 'invalid workspace payload');
  if (!['', 'push', 'poll'].includes(body.delivery_mode))
    refuse(400, "delivery_mode must be 'push' or 'poll'");
  const isExternal = body.external || body.runtime === 'external';
  const workspace = newWorkspace({
    id: randomUUID(),
    name: body.name,
    inboundSecret: newInboundSecret(),
    role: body.role || null,
    parentId: body.parent_id || null,
    tier: body.tier || 3,
    budgetLimit: body.budget_limit ?? null,
    maxConcurrentTasks: body.max_concurrent_tasks || 1,
    deliveryMode: body.delivery_mode === 'poll' ? 'poll' : 'push',
    runtime: isExternal ? 'external' : body.runtime || 'langgraph',
    url: body.url,
    status: isExternal ? (body.url === '' ? 'awaiting_agent' : 'online') : 'provisioning',
  });
  world.workspaces.set(workspace.id, workspace);
  const told = { id: workspace.id, status: workspace.status };
  if (!isExternal) return json(201, told);
  if (body.url !== '') return json(201, { ...told, external: true });
  const token = world.tokens.issue(workspace.id);
  return json(201, {
    ...told,
    external: true,
    connection: connectionBlock(workspace, call.baseUrl, token),
  });
}

function list(_: Call, world: World) {
  const present = [...world.workspaces.values()].filter((workspace) => workspace.status !== 'removed');
  return json(200, present.map(showListedWorkspace));
}

/** §10.4: the one place where a removed workspace says so. */
function show(call: Call, world: World) {
  const workspace = existing(call, world);
  if (workspace.status === 'removed' && call.query.get('include_removed') !== 'true') {
    refuse(410, 'workspace removed', {
      id: workspace.id,
      removed_at: workspace.removedAtMicros === null ? null : formatMicros(workspace.removedAtMicros),
      hint: 'this workspace was removed; create a new one or ask its owner',
    });
  }
  return json(200, showWorkspace(workspace));
}

const patch = z.object({
  name: z.string().nullish(),
  role: z.string().nullish(),
  tier: z.int().nullish(),
  parent_id: z.string().nullish(),
  collapsed: z.boolean().nullish(),
  runtime: z.string().nullish(),
  workspace_dir: z.string().nullish(),
  x: z.number().nullish(),
  y: z.number().nullish(),
});

/** §10.5. */
async function change(call: Call, world: World) {
  if (parseUuid(call.params.id ?? '') === undefined) refuse(400, 'invalid workspace ID');
  const body = decodeBody(patch, (await call.readBody()).text);
  if (body === undefined) refuse(400, 'invalid request body');
  const workspace = existing(call, world);
  if (body.parent_id !== undefined) workspace.parentId = body.parent_id || null;
  if (body.workspace_dir !== undefined) workspace.workspaceDir = body.workspace_dir || null;
  workspace.name = body.name ?? workspace.name;
  workspace.role = body.role ?? workspace.role;
  workspace.tier = body.tier ?? workspace.tier;
  workspace.collapsed = body.collapsed ?? workspace.collapsed;
  workspace.runtime = body.runtime ?? workspace.runtime;
  workspace.x = body.x ?? workspace.x;
  workspace.y = body.y ?? workspace.y;
  return json(200, { status: 'updated' });
}

/** §10.5: children want a confirmation. */
function remove(call: Call, world: World) {
  const workspace = existing(call, world);
  const below = descendants(world.workspaces, workspace.id);
  if (below.length > 0 && call.query.get('confirm') !== 'true') {
    return json(409, { status: 'confirmation_required', children_count: below.length });
  }
  const purge = call.query.get('purge') === 'true';
  for (const id of [...below, workspace.id]) removeWorkspace(world, id, purge);
  return json(200, { status: purge ? 'purged' : 'removed', cascade_deleted: below.length });
}

function state(call: Call, world: World) {
  const workspace = world.workspaces.get(call.params.id ?? '');
  if (workspace === undefined || workspace.status === 'removed') {
    return json(404, { workspace_id: call.params.id, deleted: true });
  }
  const { id, status } = workspace;
  return json(200, { workspace_id: id, status, paused: status === 'paused', deleted: false });
}

function existing(call: Call, world: World): Workspace {
  const id = call.params.id ?? '';
  if (parseUuid(id) === undefined) refuse(400, 'invalid workspace ID');
  const workspace = world.workspaces.get(id);
  if (workspace === undefined) refuse(404, 'workspace not found');
  return workspace;
}
