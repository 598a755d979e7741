import { canvasRoutes } from '../../canvas/route.ts';
import type { Route } from '../http/route.ts';
import { a2aRoutes } from './a2a.ts';
import { activityRoutes } from './activity.ts';
import { changeWorkspaceRoutes } from './change-workspace.ts';
import { createWorkspaceRoutes } from './create-workspace.ts';
import { delegationRoutes } from './delegation.ts';
import { delegationListRoutes } from './delegation-list.ts';
import { activityAckRoutes } from './head/activity-ack.ts';
import { broadcastRoutes } from './head/broadcast.ts';
import { chatHistoryRoutes } from './head/chat-history.ts';
import { requestRoutes } from './head/requests.ts';
import { userTaskRoutes } from './head/user-tasks.ts';
import { heartbeatRoutes } from './heartbeat.ts';
import { memoryRoutes } from './memories.ts';
import { miscRoutes } from './misc.ts';
import { notifyRoutes } from './notify.ts';
import { peerRoutes } from './peers.ts';
import { registerRoutes } from './register.ts';
import { removeWorkspaceRoutes } from './remove-workspace.ts';
import { streamRoutes } from './stream.ts';
import { tokenRoutes } from './tokens.ts';
import { uploadRoutes } from './uploads.ts';
import { workspaceRoutes } from './workspaces.ts';

/**
 * Every route of the platform, in both generations, that an external agent or its user calls. Left out: the WebSocket
 * (§12.2; the stream of §12.1 does the same), session search, the key-value memory, approvals, schedules, secrets,
 * plug-ins, organisation tokens, and the queue of busy push agents (§6.6), which stays empty.
 */
export const platformRoutes: readonly Route[] = [
  ...canvasRoutes,
  ...miscRoutes,
  ...registerRoutes,
  ...heartbeatRoutes,
  ...createWorkspaceRoutes,
  ...workspaceRoutes,
  ...changeWorkspaceRoutes,
  ...removeWorkspaceRoutes,
  ...tokenRoutes,
  ...activityRoutes,
  ...notifyRoutes,
  ...a2aRoutes,
  ...uploadRoutes,
  ...streamRoutes,
  ...peerRoutes,
  ...delegationRoutes,
  ...delegationListRoutes,
  ...memoryRoutes,
  ...activityAckRoutes,
  ...chatHistoryRoutes,
  ...broadcastRoutes,
  ...requestRoutes,
  ...userTaskRoutes,
];
