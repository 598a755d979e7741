import { chatHistory } from './chat-history.ts';
import { checkTaskStatus } from './check-task-status.ts';
import { commitMemory } from './commit-memory.ts';
import { delegateTask } from './delegate-task.ts';
import { delegateTaskAsync } from './delegate-task-async.ts';
import { getWorkspaceInfo } from './get-workspace-info.ts';
import { inboxClaim } from './inbox-claim.ts';
import { inboxPeek } from './inbox-peek.ts';
import { inboxPop } from './inbox-pop.ts';
import { inboxStatus } from './inbox-status.ts';
import { inboxWatch } from './inbox-watch.ts';
import { listPeers } from './list-peers.ts';
import { listRequests } from './list-requests.ts';
import { recallMemory } from './recall-memory.ts';
import { respondToRequest } from './respond-to-request.ts';
import { sendMessageToUser } from './send-message-to-user.ts';
import type { Tool } from './tool.ts';
import { waitForMessage } from './wait-for-message.ts';

/** Every tool, in the order in which a host lists them. A new tool is a file of its own and a line here. */
export const tools: readonly Tool[] = [
  waitForMessage,
  inboxPeek,
  inboxPop,
  sendMessageToUser,
  delegateTask,
  delegateTaskAsync,
  checkTaskStatus,
  inboxStatus,
  inboxClaim,
  inboxWatch,
  listPeers,
  getWorkspaceInfo,
  chatHistory,
  listRequests,
  respondToRequest,
  commitMemory,
  recallMemory,
];
