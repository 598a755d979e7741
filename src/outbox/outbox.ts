import type { OutboxPort } from '../domain/ports/agent.ts';
import { createAnswers } from './answers.ts';
import { checkTask } from './check-task.ts';
import { delegate } from './delegate.ts';
import { delegateAsync } from './delegate-async.ts';
import { createFollower } from './delegation-follower.ts';
import type { OutboxDeps } from './deps.ts';
import { createOpenTasks } from './open-tasks.ts';
import { createPeerSender } from './send-to-peer.ts';
import { sendToUser } from './send-to-user.ts';

/**
 * Makes what the agent sends with: to users and to peers, each answer with the identity of the workspace it belongs to,
 * and nothing twice. Refusals are `AgentError`s. Background work (late answers, queues) ends when `deps.stopping` fires.
 */
export function createOutbox(deps: OutboxDeps): OutboxPort {
  const answers = createAnswers(deps.inbox, deps.logger.warn);
  const openTasks = createOpenTasks();
  const follower = createFollower(deps);
  const tools = { answers, openTasks, sender: createPeerSender(deps) };
  return {
    sendToUser: (request, call) => sendToUser(request, call, deps, answers),
    delegate: (request, call) => delegate(request, call, deps, tools),
    delegateAsync: (request, call) => delegateAsync(request, call, deps, answers, follower),
    checkTask: (request, call) => checkTask(request, call, deps, openTasks),
  };
}
