import { refuse } from '../http/reply.ts';
import type { Call } from '../http/route.ts';
import { parseUuid } from '../rules/uuid.ts';
import type { Workspace } from '../world/workspaces.ts';
import type { World } from '../world/world.ts';

/** The workspace of the path, removed ones included, or a refusal. */
export function existingWorkspace(call: Call, world: World): Workspace {
  const id = call.params.id ?? '';
  if (parseUuid(id) === undefined) refuse(400, 'invalid workspace ID');
  const workspace = world.workspaces.get(id);
  if (workspace === undefined) refuse(404, 'workspace not found');
  return workspace;
}
