import type { Clock } from '../domain/ports/runtime.ts';
import { HOUR_MS } from '../domain/time.ts';

/** What an agent is busy with, for truthful heartbeats (W-70): its own delegations in flight. */
export interface TaskBoard {
  /** Puts a task up; the returned function takes it down again (a second call does nothing). */
  begin(workspaceId: string, title: string): () => void;
  /**
   * What a heartbeat of this workspace says: `currentTask` is the newest title, empty without any. A task of which nothing
   * was heard for 6 hours no longer counts: its answer may be lost, and nobody would ever say so.
   */
  of(workspaceId: string): { readonly activeTasks: number; readonly currentTask: string };
}

/** Makes an empty board. */
export function createTaskBoard(clock: Clock): TaskBoard {
  const open = new Set<{ readonly workspaceId: string; readonly title: string; readonly sinceMs: number }>();
  return {
    begin(workspaceId, title) {
      const task = { workspaceId, title, sinceMs: clock() };
      open.add(task);
      return () => {
        open.delete(task);
      };
    },
    of(workspaceId) {
      const oldestMs = clock() - LONGEST_MS;
      const own = [...open].filter((task) => task.workspaceId === workspaceId && task.sinceMs > oldestMs);
      return { activeTasks: own.length, currentTask: own.at(-1)?.title ?? '' };
    },
  };
}

const LONGEST_MS = 6 * HOUR_MS;
