import { fromEventObservable, fromPromise } from 'xstate';
import type { FeedReading, ReadFeedInput, WorkspaceCall } from '../../machines/workspace/actors.ts';
import { workspaceMachine } from '../../machines/workspace.ts';
import { wakeUps } from '../../streams/wake-ups.ts';
import { type Pace, realPace } from './pacing/pace.ts';
import type { Workspace } from './workspace.ts';

/** The workspace machine with its I/O filled in; one machine serves all workspaces, found by id. */
export function provideWorkspaceMachine(find: (workspaceId: string) => Workspace, pace: Pace = realPace) {
  const of = ({ workspaceId }: WorkspaceCall) => find(workspaceId);
  return workspaceMachine.provide({
    actors: {
      acquireDelivery: fromPromise<void, WorkspaceCall>(({ input, signal }) => of(input).acquire(signal)),
      register: fromPromise<{ readonly deliveryMode: string }, WorkspaceCall>(({ input, signal }) =>
        of(input).register(signal),
      ),
      heartbeat: fromPromise<void, WorkspaceCall>(({ input, signal }) => of(input).heartbeat(signal)),
      // After a 410 the position has already forgotten its cursor: the same read then walks back to the floor.
      readFeed: fromPromise<FeedReading, ReadFeedInput>(({ input, signal }) => of(input).readFeed(signal)),
      confirmAccess: fromPromise(({ input, signal }: { input: WorkspaceCall; signal: AbortSignal }) =>
        of(input).confirmAccess(signal),
      ),
      followWakeUps: fromEventObservable(({ input }: { input: WorkspaceCall }) =>
        wakeUps(of(input).wakeUps(), { scheduler: pace.scheduler }),
      ),
    },
  });
}
