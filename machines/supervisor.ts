import { type ActorRefFrom, type AnyActorRef, enqueueActions, setup, stopChild } from 'xstate';
import { type BackoffPolicy, backoffMs } from '../src/domain/network/backoff.ts';
import type { Clock } from '../src/domain/ports/runtime.ts';
import { readFailure } from './failure.ts';
import type { WorkspaceInput } from './workspace/context.ts';
import type { WorkspaceEvent } from './workspace/events.ts';
import { workspaceMachine } from './workspace.ts';

/** How a supervisor is set up. */
export interface SupervisorInput {
  /** One entry per workspace, each with an id of its own. */
  readonly workspaces: readonly WorkspaceInput[];
  /** Pause between the starts of two workspaces, so that many do not ask all at once. Default 0. */
  readonly startEveryMs?: number;
  /** Draws jitter, [0, 1). Default `Math.random`. */
  readonly random?: () => number;
  readonly now?: Clock;
}

/** What can be told to a supervisor. */
export type SupervisorEvent =
  /** Hands an event to one workspace's machine; dropped while that is not running. */
  | { readonly type: 'tell.one'; readonly workspaceId: string; readonly event: WorkspaceEvent }
  /** Hands an event to every workspace's machine. */
  | { readonly type: 'tell.all'; readonly event: WorkspaceEvent }
  /** Raised by the supervisor itself, for a first start and for each restart. */
  | { readonly type: 'workspace.due'; readonly workspaceId: string }
  | { readonly type: 'stop' }
  | { readonly type: `xstate.error.actor.${string}`; readonly actorId: string; readonly error: unknown }
  | { readonly type: `xstate.done.actor.${string}`; readonly actorId: string };

/** What leaves a supervisor. */
export type SupervisorEmitted =
  /** A machine runs, for the first time or anew: listen to it, and tell it how full its inbox is. */
  | {
      readonly type: 'workspace.started';
      readonly workspaceId: string;
      readonly workspace: ActorRefFrom<typeof workspaceMachine>;
    }
  /** A machine ended in an error (a fault of ours, never the weather's); it starts anew after the pause. */
  | {
      readonly type: 'workspace.failed';
      readonly workspaceId: string;
      readonly text: string;
      readonly failures: number;
      readonly retryInMs: number;
    };

interface SupervisorContext {
  readonly workspaces: ReadonlyMap<string, WorkspaceInput>;
  /** How often each has failed in a row, and when it was started last. */
  readonly standings: Readonly<Record<string, Standing>>;
  readonly startEveryMs: number;
  readonly random: () => number;
  readonly now: Clock;
}

interface Standing {
  readonly failures: number;
  readonly startedAtMs: number;
}

/**
 * Owns one machine per workspace. One that fails touches no other: it is let go of, reported, and started anew after a
 * growing pause. Provide its actor `workspace`, the workspace machine with its I/O filled in; each is found by its
 * workspace's id among the snapshot's children, and with `system.get(workspaceId)`.
 */
export const supervisorMachine = setup({
  types: {} as {
    context: SupervisorContext;
    events: SupervisorEvent;
    emitted: SupervisorEmitted;
    input: SupervisorInput;
  },
  actors: { workspace: workspaceMachine },
  actions: {
    'schedule every start': enqueueActions(({ context, enqueue }) => {
      [...context.workspaces.keys()].forEach((workspaceId, index) => {
        const delay = index * context.startEveryMs;
        enqueue.raise({ type: 'workspace.due', workspaceId }, { delay, id: `start ${workspaceId}` });
      });
    }),
    'start the workspace': enqueueActions(({ context, enqueue }, { workspaceId }: Named) => {
      const input = context.workspaces.get(workspaceId);
      if (input === undefined) return;
      const failures = context.standings[workspaceId]?.failures ?? 0;
      const standing = { failures, startedAtMs: context.now() };
      enqueue.assign({ standings: { ...context.standings, [workspaceId]: standing } });
      enqueue.spawnChild('workspace', { id: workspaceId, systemId: workspaceId, input });
      // Emitted before the machine takes its first step, so that a listener misses nothing.
      enqueue.emit(({ system }) => ({
        type: 'workspace.started',
        workspaceId,
        workspace: system.get(workspaceId),
      }));
    }),
    /** A machine that ends in an error leaves its I/O running: without this a restart would read the feed twice over. */
    'let go of its work': ({ self }, { actorId }: Failed) => {
      const workspace: AnyActorRef | undefined = self.getSnapshot().children[actorId];
      const work: Record<string, AnyActorRef> = workspace?.getSnapshot().children ?? {};
      for (const actor of Object.values(work)) actor.send({ type: 'xstate.stop' });
    },
    'start it anew after a pause': enqueueActions(({ context, enqueue }, { actorId, error }: Failed) => {
      const { random, now, standings } = context;
      const { failures: before, startedAtMs } = standings[actorId] ?? { failures: 0, startedAtMs: 0 };
      const failures = now() - startedAtMs < SOUND_AFTER_MS ? before + 1 : 1;
      const retryInMs = backoffMs({ policy: PAUSES, failures, random: random() });
      enqueue.stopChild(actorId);
      enqueue.assign({ standings: { ...standings, [actorId]: { failures, startedAtMs } } });
      const { text } = readFailure(error);
      enqueue.emit({ type: 'workspace.failed', workspaceId: actorId, text, failures, retryInMs });
      enqueue.raise(
        { type: 'workspace.due', workspaceId: actorId },
        { delay: retryInMs, id: `start ${actorId}` },
      );
    }),
    'forget it': stopChild((_, { actorId }: Pick<Failed, 'actorId'>) => actorId),
    tell: ({ self }, { workspaceIds, event }: { workspaceIds: readonly string[]; event: WorkspaceEvent }) => {
      const { children } = self.getSnapshot();
      for (const workspaceId of workspaceIds) children[workspaceId]?.send(event);
    },
  },
}).createMachine({
  id: 'supervisor',
  context: ({ input }) => ({
    workspaces: new Map(input.workspaces.map((entry) => [entry.workspaceId, entry])),
    standings: {},
    startEveryMs: input.startEveryMs ?? 0,
    random: input.random ?? Math.random,
    now: input.now ?? Date.now,
  }),
  initial: 'supervising',
  states: {
    supervising: {
      entry: 'schedule every start',
      on: {
        'workspace.due': {
          actions: {
            type: 'start the workspace',
            params: ({ event }) => ({ workspaceId: event.workspaceId }),
          },
        },
        'xstate.error.actor.*': {
          actions: [
            { type: 'let go of its work', params: ({ event }) => event },
            { type: 'start it anew after a pause', params: ({ event }) => event },
          ],
        },
        'xstate.done.actor.*': { actions: { type: 'forget it', params: ({ event }) => event } },
        'tell.one': {
          actions: {
            type: 'tell',
            params: ({ event }) => ({ workspaceIds: [event.workspaceId], event: event.event }),
          },
        },
        'tell.all': {
          actions: {
            type: 'tell',
            params: ({ context, event }) => ({
              workspaceIds: [...context.workspaces.keys()],
              event: event.event,
            }),
          },
        },
        stop: { target: 'stopped' },
      },
    },
    /** With the supervisor every machine ends, and with each its work. */
    stopped: { type: 'final' },
  },
});

interface Named {
  readonly workspaceId: string;
}

interface Failed {
  readonly actorId: string;
  readonly error: unknown;
}

/** A machine that has worked for this long starts its pauses over. */
const SOUND_AFTER_MS = 600_000;
const PAUSES: BackoffPolicy = { firstMs: 1_000, maxMs: 60_000, jitter: 'equal' };
