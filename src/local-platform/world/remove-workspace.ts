import type { World } from './world.ts';

/** Removes a workspace: its tokens are revoked, its row stays and says so; purging deletes row and feed (§10.5). */
export function removeWorkspace(world: World, id: string, purge = false): void {
  const workspace = world.workspaces.get(id);
  if (workspace === undefined) return;
  workspace.status = 'removed';
  workspace.removedAtMicros = world.clock.nowMicros();
  world.tokens.revoke(id);
  world.wakeUps.raise(id, 'WORKSPACE_REMOVED', {});
  if (!purge) return;
  world.feed.prune(id, () => true);
  world.workspaces.delete(id);
}
