/** A task that was given to a peer with `delegate_task`. */
export interface GivenTask {
  readonly delegationId: string;
  readonly peerId: string;
  readonly sourceWorkspaceId: string;
  readonly task: string;
}

/** How it stands: sent and unanswered, queued for a peer that is busy, or over. */
export type TaskStatus = 'waiting' | 'queued' | 'answered' | 'accepted' | 'failed';

/** What this process knows of the tasks it gave, for `check_task_status` and against giving one twice. */
export interface OpenTasks {
  /** `accepted` resolves with whether the peer took it. */
  begin(task: GivenTask, accepted: Promise<boolean>): void;
  change(delegationId: string, status: TaskStatus, reason?: string): void;
  find(delegationId: string): (GivenTask & { readonly status: TaskStatus; readonly reason: string }) | null;
  /** The same words to the same peer, sent and still unanswered. */
  sameUnderWay(
    task: Omit<GivenTask, 'delegationId'>,
  ): (GivenTask & { readonly accepted: Promise<boolean> }) | null;
}

/** Makes an empty list; of what is over it keeps the last few hundred. */
export function createOpenTasks(): OpenTasks {
  const tasks = new Map<
    string,
    GivenTask & { accepted: Promise<boolean>; status: TaskStatus; reason: string }
  >();

  return {
    begin(task, accepted) {
      tasks.set(task.delegationId, { ...task, accepted, status: 'waiting', reason: '' });
    },
    change(delegationId, status, reason = '') {
      const task = tasks.get(delegationId);
      if (task) tasks.set(delegationId, { ...task, status, reason });
      const over = [...tasks.values()].filter(
        (known) => known.status !== 'waiting' && known.status !== 'queued',
      );
      for (const { delegationId: id } of over.slice(0, -KEPT)) tasks.delete(id);
    },
    find: (delegationId) => tasks.get(delegationId) ?? null,
    sameUnderWay({ peerId, sourceWorkspaceId, task }) {
      for (const known of tasks.values()) {
        const same =
          known.peerId === peerId && known.sourceWorkspaceId === sourceWorkspaceId && known.task === task;
        if (same && known.status === 'waiting') return known;
      }
      return null;
    },
  };
}

const KEPT = 200;
