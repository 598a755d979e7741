import type { World } from '../world/world.ts';

/** External agents that were not heard of for too long count as gone (§3.3, §15.11). */
export function markStaleAgents(world: World): void {
  const silentSinceMicros = (world.clock.nowMs() - world.figures().staleAfterMs) * 1000;
  for (const workspace of world.workspaces.values()) {
    if (!['online', 'degraded'].includes(workspace.status)) continue;
    if (workspace.runtime !== 'external' || workspace.lastHeartbeatMicros === null) continue;
    if (workspace.lastHeartbeatMicros >= silentSinceMicros) continue;
    workspace.status = 'awaiting_agent';
    world.wakeUps.raise(workspace.id, 'WORKSPACE_OFFLINE', {});
  }
}
