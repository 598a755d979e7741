import { delegateTask } from './delegate-task.ts';
import { inboxPeek } from './inbox-peek.ts';
import { inboxPop } from './inbox-pop.ts';
import { sendMessageToUser } from './send-message-to-user.ts';
import type { Tool } from './tool.ts';
import { waitForMessage } from './wait-for-message.ts';

/** Every tool, in the order in which a host lists them. A new tool is a file of its own and a line here. */
export const tools: readonly Tool[] = [waitForMessage, inboxPeek, inboxPop, sendMessageToUser, delegateTask];
