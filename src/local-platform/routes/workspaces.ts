import { json, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import { formatMicros } from '../rules/timestamps.ts';
import type { World } from '../world/world.ts';
import { existingWorkspace } from './existing-workspace.ts';
import { showListedWorkspace, showWorkspace } from './workspace-view.ts';

/** Looking at workspaces (§10.4, §10.5). */
export const workspaceRoutes: readonly Route[] = [
  { at: 'GET /workspaces', guard: 'admin', handle: list },
  { at: 'GET /workspaces/:id', guard: 'open', handle: show },
  { at: 'GET /workspaces/:id/state', guard: 'workspace', handle: state },
];

function list(_: Call, world: World) {
  const present = [...world.workspaces.values()].filter((workspace) => workspace.status !== 'removed');
  return json(
    200,
    present.map((workspace) => showListedWorkspace(workspace, world.isHead())),
  );
}

/** The one place where a removed workspace says so. */
function show(call: Call, world: World) {
  const workspace = existingWorkspace(call, world);
  if (workspace.status === 'removed' && call.query.get('include_removed') !== 'true') {
    refuse(410, 'workspace removed', {
      id: workspace.id,
      removed_at: workspace.removedAtMicros === null ? null : formatMicros(workspace.removedAtMicros),
      hint: 'this workspace was removed; create a new one or ask its owner',
    });
  }
  return json(200, showWorkspace(workspace, world.isHead()));
}

function state(call: Call, world: World) {
  const workspace = world.workspaces.get(call.params.id ?? '');
  if (workspace === undefined || workspace.status === 'removed') {
    return json(404, { workspace_id: call.params.id, deleted: true });
  }
  const { id, status } = workspace;
  return json(200, { workspace_id: id, status, paused: status === 'paused', deleted: false });
}
