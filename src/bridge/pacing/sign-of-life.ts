import { asyncScheduler, type Observable, type Subscription } from 'rxjs';
import type { WorkspacePlatform } from '../../domain/ports/platform.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import type { TaskBoard } from '../../outbox/task-board.ts';
import { createErrand } from '../errand.ts';
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

  const isQuiet = () => quietSinceMs !== null && clock() - quietSinceMs >= REPORT_EVERY_MS;

  // One that fails is made up for after the next heartbeat.
  async function report(signal: AbortSignal): Promise<void> {
    if (!isQuiet()) return;
    const { currentTask } = tasks.of(workspaceId);
    const summary = `still working: ${currentTask}`.slice(0, MAX_SUMMARY_CHARS);
    await platform.reportActivity({ activityType: 'agent_log', method: 'progress', summary }, signal);
    quietSinceMs = clock();
  }

  const reporting = createErrand({
    work: report,
    afterMs: 0,
    askedMeanwhile: 'once more',
    scheduler: asyncScheduler,
  });
  const listening = heard$.subscribe((heard) => {
    if (heard.type !== 'beaten') return;
    const isAtWork = heard.generation !== null && tasks.of(workspaceId).activeTasks > 0;
    quietSinceMs = isAtWork ? (quietSinceMs ?? clock()) : null;
    if (isQuiet()) reporting.ask();
  });
  listening.add(reporting.end);
  return listening;
}

/** Ten minutes less one heartbeat, which may come late. */
const REPORT_EVERY_MS = 570_000;
const MAX_SUMMARY_CHARS = 200;
