import { LOOK_EVERY_MS, type OutboxDeps, workspaceOf } from './deps.ts';
import { followDelegation } from './follow-delegation.ts';
import { deliverLate, firstWords } from './late-answer.ts';
import type { GivenTask } from './open-tasks.ts';

/** Watches over delegations that were handed to the platform, each once, as long as the process lives; heartbeats count them until then. */
export interface DelegationFollower {
  follow(task: GivenTask): void;
}

/** Makes the follower: what it finds and the feed will not bring becomes a message in the inbox. */
export function createFollower(deps: OutboxDeps): DelegationFollower {
  const followed = new Set<string>();
  return {
    follow(task) {
      if (followed.has(task.delegationId)) return;
      followed.add(task.delegationId);
      const workspace = workspaceOf(deps.workspaces, task.sourceWorkspaceId);
      const takeDown = deps.tasks.begin(workspace.id, firstWords(task.task));
      followDelegation(workspace, task.delegationId, deps.lookEveryMs ?? LOOK_EVERY_MS, deps.stopping)
        .then(
          async (reply) => {
            if (reply) await deliverLate(task, reply, deps);
          },
          () =>
            deps.logger.warn(
              `delegation ${task.delegationId} was still open at the end: check_task_status knows it`,
            ),
        )
        .finally(takeDown);
    },
  };
}
