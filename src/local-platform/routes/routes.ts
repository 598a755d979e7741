import type { Route } from '../http/route.ts';
import { a2aRoutes } from './a2a.ts';
import { activityRoutes } from './activity.ts';
import { delegationRoutes } from './delegation.ts';
import { memoryRoutes } from './memories.ts';
import { miscRoutes } from './misc.ts';
import { notifyRoutes } from './notify.ts';
import { peerRoutes } from './peers.ts';
import { registryRoutes } from './registry.ts';
import { streamRoutes } from './stream.ts';
import { tokenRoutes } from './tokens.ts';
import { uploadRoutes } from './uploads.ts';
import { workspaceRoutes } from './workspaces.ts';

/** Every route of the platform. */
export const platformRoutes: readonly Route[] = [
  ...miscRoutes,
  ...registryRoutes,
  ...workspaceRoutes,
  ...tokenRoutes,
  ...activityRoutes,
  ...notifyRoutes,
  ...a2aRoutes,
  ...uploadRoutes,
  ...streamRoutes,
  ...peerRoutes,
  ...delegationRoutes,
  ...memoryRoutes,
];
