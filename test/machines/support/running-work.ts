import { createActor, fromEventObservable, fromPromise, SimulatedClock } from 'xstate';
import type { WakeUpSignal, WorkspaceCall, workspaceActors } from '../../../machines/workspace/actors.ts';
import type { WorkspaceInput } from '../../../machines/workspace/context.ts';
import { workspaceMachine } from '../../../machines/workspace.ts';

type Actors = typeof workspaceActors;

/** How many calls of each actor are under way: started and not let go. */
export type RunningWork = Record<keyof Actors, number>;

/** The real machine, started, with I/O that never settles and counts itself. */
export function startCounting(input: Partial<WorkspaceInput> = {}) {
  const workspaceId = `w${countsOf.size}`;
  const running: RunningWork = {
    acquireDelivery: 0,
    register: 0,
    heartbeat: 0,
    readFeed: 0,
    confirmAccess: 0,
    followWakeUps: 0,
  };
  countsOf.set(workspaceId, running);
  let nowMs = 0;
  const actor = createActor(countingMachine, {
    clock: new SimulatedClock(),
    input: { workspaceId, random: () => 0.5, now: () => (nowMs += 120_000), ...input },
  }).start();
  return { actor, running };
}

const countsOf = new Map<string, RunningWork>();

/** Counts one more call of an actor; what it returns counts it off. */
function begin(name: keyof Actors, workspaceId: string): () => void {
  const running = countsOf.get(workspaceId);
  if (running === undefined) throw new Error(`nobody counts for ${workspaceId}`);
  running[name] += 1;
  return () => {
    running[name] -= 1;
  };
}

function never<Name extends keyof Actors>(name: Name): Actors[Name] {
  return fromPromise<never, WorkspaceCall>(({ input, signal }) => {
    signal.addEventListener('abort', begin(name, input.workspaceId));
    return new Promise(() => {});
  }) as unknown as Actors[Name];
}

// Provided once for all: each `provide` builds the whole tree of states anew.
const countingMachine = workspaceMachine.provide({
  actors: {
    acquireDelivery: never('acquireDelivery'),
    register: never('register'),
    heartbeat: never('heartbeat'),
    readFeed: never('readFeed'),
    confirmAccess: never('confirmAccess'),
    followWakeUps: fromEventObservable<WakeUpSignal, WorkspaceCall>(({ input }) => ({
      subscribe: () => ({ unsubscribe: begin('followWakeUps', input.workspaceId) }),
    })),
  },
});
