import { json, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import { removeWorkspace } from '../world/remove-workspace.ts';
import { descendants } from '../world/workspaces.ts';
import type { World } from '../world/world.ts';
import { existingWorkspace } from './existing-workspace.ts';

/** Removing a workspace and all below it (§10.5, §15.11). */
export const removeWorkspaceRoutes: readonly Route[] = [
  { at: 'DELETE /workspaces/:id', guard: 'admin', handle: remove },
];

/** May asks for a confirmation only where there are children, HEAD always for the exact name. */
function remove(call: Call, world: World) {
  const workspace = existingWorkspace(call, world);
  const below = descendants(world.workspaces, workspace.id);
  if (world.isHead()) {
    if (workspace.status === 'removed') refuse(410, 'workspace removed', { id: workspace.id });
    if (call.headers['x-confirm-name'] !== workspace.name) {
      refuse(400, 'destructive_action_requires_confirmation', {
        active_tasks: workspace.activeTasks,
        child_count: below.length,
        hint: 'repeat the request with the header X-Confirm-Name: <exact name>',
        workspace_name: workspace.name,
      });
    }
  }
  if (below.length > 0 && call.query.get('confirm') !== 'true') {
    return json(409, { status: 'confirmation_required', children_count: below.length });
  }
  const purge = call.query.get('purge') === 'true';
  for (const id of [...below, workspace.id]) removeWorkspace(world, id, purge);
  return json(200, { status: purge ? 'purged' : 'removed', cascade_deleted: below.length });
}
