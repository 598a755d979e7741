/** What an agent is busy with, for truthful heartbeats (W-70): its own delegations in flight. */
export interface TaskBoard {
  /** Puts a task up; the returned function takes it down again (a second call does nothing). */
  begin(workspaceId: string, title: string): () => void;
  /** What a heartbeat of this workspace says: `currentTask` is the newest title, empty without any. */
  of(workspaceId: string): { readonly activeTasks: number; readonly currentTask: string };
}

/** Makes an empty board. */
export function createTaskBoard(): TaskBoard {
  const open = new Set<{ readonly workspaceId: string; readonly title: string }>();
  return {
    begin(workspaceId, title) {
      const task = { workspaceId, title };
      open.add(task);
      return () => {
        open.delete(task);
      };
    },
    of(workspaceId) {
      const own = [...open].filter((task) => task.workspaceId === workspaceId);
      return { activeTasks: own.length, currentTask: own.at(-1)?.title ?? '' };
    },
  };
}
