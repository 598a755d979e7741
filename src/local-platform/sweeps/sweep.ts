import type { World } from '../world/world.ts';
import { sendPlatformWakes } from './platform-wakes.ts';
import { markStaleAgents } from './stale-agents.ts';

/** How often the platform looks around by itself. */
export const sweepEveryMs = 15_000;

/** What the platform does of its own accord, once. */
export async function sweep(world: World): Promise<void> {
  markStaleAgents(world);
  await sendPlatformWakes(world);
}
