import * as z from 'zod';
import { isAdmin } from '../http/guards.ts';
import { json, Refusal, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import { decodeBody } from '../rules/go-json.ts';
import { reparented } from '../rules/reparented.ts';
import { parseUuid } from '../rules/uuid.ts';
import { descendants, rootOf, type Workspace } from '../world/workspaces.ts';
import type { World } from '../world/world.ts';
import { existingWorkspace } from './existing-workspace.ts';

/** Changing a workspace (§10.5, §15.1). */
export const changeWorkspaceRoutes: readonly Route[] = [
  { at: 'PATCH /workspaces/:id', guard: 'workspace', handle: change },
  { at: 'PATCH /workspaces/:id/abilities', guard: 'admin', only: 'head', handle: changeAbilities },
];

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
type Patch = z.output<typeof patch>;

async function change(call: Call, world: World) {
  if (parseUuid(call.params.id ?? '') === undefined) refuse(400, 'invalid workspace ID');
  const body = decodeBody(patch, (await call.readBody()).text);
  if (body === undefined) refuse(400, 'invalid request body');
  const workspace = existingWorkspace(call, world);
  if (world.isHead()) checkInfrastructure(body, call, world);
  const moved = body.parent_id === undefined ? undefined : move(workspace, body.parent_id || null, world);

  if (body.workspace_dir !== undefined) workspace.workspaceDir = body.workspace_dir || null;
  workspace.name = body.name ?? workspace.name;
  workspace.role = body.role ?? workspace.role;
  workspace.tier = body.tier ?? workspace.tier;
  workspace.collapsed = body.collapsed ?? workspace.collapsed;
  workspace.runtime = body.runtime ?? workspace.runtime;
  workspace.x = body.x ?? workspace.x;
  workspace.y = body.y ?? workspace.y;
  return json(200, {
    status: 'updated',
    ...(world.isHead() && moved !== undefined && { needs_restart: true, reparented: moved }),
  });
}

const infrastructure = ['parent_id', 'tier', 'runtime', 'workspace_dir'] as const;

function checkInfrastructure(body: Patch, call: Call, world: World): void {
  const touched = infrastructure.filter((field) => body[field] !== undefined);
  if (touched.length > 0 && !isAdmin(call, world)) {
    refuse(403, 'workspace infrastructure fields require admin or verified control-plane authentication', {
      code: 'WORKSPACE_INFRASTRUCTURE_AUTH_REQUIRED',
      fields: touched,
    });
  }
  if (body.parent_id !== undefined && body.name != null) {
    refuse(400, 'parent_id and name cannot be changed in the same request; issue them as two PATCHes', {
      code: 'WORKSPACE_REPARENT_AMBIGUOUS_WITH_RENAME',
    });
  }
}

function move(workspace: Workspace, parentId: string | null, world: World) {
  if (
    parentId !== null &&
    [workspace.id, ...descendants(world.workspaces, workspace.id)].includes(parentId)
  ) {
    throw new Refusal(json(400, { error: 'a workspace cannot be moved below itself' }));
  }
  const before = { parentId: workspace.parentId, rootId: rootOf(world.workspaces, workspace.id) };
  workspace.parentId = parentId;
  const after = { parentId, rootId: rootOf(world.workspaces, workspace.id) };
  return reparented(workspace.id, before, after);
}

const abilities = z.object({
  broadcast_enabled: z.boolean().nullish(),
  talk_to_user_enabled: z.boolean().nullish(),
  can_delegate: z.boolean().nullish(),
});

async function changeAbilities(call: Call, world: World) {
  const body = decodeBody(abilities, (await call.readBody()).text);
  if (body === undefined) refuse(400, 'invalid request body');
  if (Object.values(body).every((value) => value == null)) refuse(400, 'at least one ability field required');
  const workspace = existingWorkspace(call, world);
  workspace.broadcastEnabled = body.broadcast_enabled ?? workspace.broadcastEnabled;
  workspace.talkToUserEnabled = body.talk_to_user_enabled ?? workspace.talkToUserEnabled;
  workspace.canDelegate = body.can_delegate ?? workspace.canDelegate;
  return json(200, { status: 'updated' });
}
