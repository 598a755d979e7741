import { exhaustMap, filter, type Observable, type Subscription } from 'rxjs';
import type { WorkspacePlatform } from '../../domain/ports/platform.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import type { TaskBoard } from '../../outbox/task-board.ts';
import { fromAbortable } from '../abortable.ts';
import type { Heard } from '../feed/hear-platform.ts';

/** What signs of life take. */
export interface SignOfLifeParts {
  readonly workspaceId: string;
  readonly platform: Pick<WorkspacePlatform, 'reportActivity'>;
  readonly tasks: Pick<TaskBoard, 'of'>;
  readonly heard$: Observable<Heard>;
  readonly clock: Clock;
}

/**
 * Writes a short activity row every 10 minutes while heartbeats report active tasks, so that a server which probes agents
 * for stalled work (§15.15: after 12 minutes without a row) sees that this one is at it. Others are left alone.
 */
export function giveSignsOfLife({
  workspaceId,
  platform,
  tasks,
  heard$,
  clock,
}: SignOfLifeParts): Subscription {
  let quietSinceMs: number | null = null;

  async function report(signal: AbortSignal): Promise<void> {
    const { currentTask } = tasks.of(workspaceId);
    const summary = `still working: ${currentTask}`.slice(0, MAX_SUMMARY_CHARS);
    // One that fails is made up for after the next heartbeat.
    await platform.reportActivity({ activityType: 'agent_log', method: 'progress', summary }, signal).then(
      () => {
        quietSinceMs = clock();
      },
      () => {},
    );
  }

  function isDue(heard: Heard): boolean {
    if (heard.type !== 'beaten') return false;
    if (heard.generation === null || tasks.of(workspaceId).activeTasks === 0) {
      quietSinceMs = null;
      return false;
    }
    quietSinceMs ??= clock();
    return clock() - quietSinceMs >= REPORT_EVERY_MS;
  }

  return heard$
    .pipe(
      filter(isDue),
      exhaustMap(() => fromAbortable(report)),
    )
    .subscribe();
}

/** Ten minutes less one heartbeat, which may come late. */
const REPORT_EVERY_MS = 570_000;
const MAX_SUMMARY_CHARS = 200;
