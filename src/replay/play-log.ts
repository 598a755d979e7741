import { createActor } from 'xstate';
import { provideWorkspaceMachine } from '../bridge/workspace-actors.ts';
import type { StoredEvent } from '../domain/events.ts';
import type { Frame } from '../domain/inbox/frame.ts';
import type { InboxState } from '../domain/inbox/inbox-state.ts';
import { watchMachine } from '../recording/watch-machine.ts';
import { createLoggedLife, type LoggedLife, type Nudge } from './logged-life.ts';
import { endRun, type Run, type Until } from './run.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';

/** A workspace's event log: the state that it begins with and what happened since. */
export interface LogScript {
  readonly workspaceId: string;
  readonly initial: InboxState;
  readonly events: readonly StoredEvent[];
}

/**
 * Folds an event log and steps the workspace machine along: each event of the workspace's life (a registration, a lost
 * cursor, a refused token …) is what the machine's work comes to at that time, so that it goes through the same phases.
 * What the machine itself reports is left aside: the log already says what happened.
 */
export async function playLog({ workspaceId, initial, events }: LogScript, until: Until = {}): Promise<Run> {
  const frames: Frame[] = [];
  const time = createVirtualTime(Date.parse(events[0]?.at ?? '') || 0);
  const life = createLoggedLife(workspaceId, initial, time);
  const begin = () => startMachine(workspaceId, life, time, frames);
  let process = events[0]?.type === 'session.opened' ? null : begin();

  for (const [index, event] of events.entries()) {
    if (event.seq > (until.seq ?? Number.POSITIVE_INFINITY)) break;
    // A log's clock may have been set back; its order counts.
    await time.runUntil(Math.max(Date.parse(event.at), time.now()));
    frames.push({ at: event.at, workspaceId, type: 'event.appended', data: { event } });
    if (event.type === 'session.opened') {
      process?.stop();
      process = begin();
    }
    const nudge = life.tell(event);
    // What was appended together came of one read.
    const last = events[index + 1]?.at !== event.at;
    if (nudge === 'clock.jumped' || (nudge !== null && last)) process?.send(nudge);
  }
  await time.runUntil(time.now());
  process?.stop();
  return endRun(workspaceId, initial, frames, until);
}

function startMachine(workspaceId: string, { workspace }: LoggedLife, time: VirtualTime, frames: Frame[]) {
  const actor = createActor(
    provideWorkspaceMachine(() => workspace, time.pace),
    {
      clock: time.machineClock,
      input: { workspaceId, random: time.pace.random, now: time.now },
      logger: () => {},
    },
  );
  const stopWatching = watchMachine(actor, 'workspace', (data) =>
    frames.push({ at: new Date(time.now()).toISOString(), workspaceId, type: 'machine.moved', data }),
  );
  actor.start();
  return {
    send: (type: Nudge) => actor.send({ type }),
    stop() {
      stopWatching();
      actor.stop();
    },
  };
}
