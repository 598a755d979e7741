import { type ActorRefFrom, createActor, type SnapshotFrom } from 'xstate';
import { indexTimers } from '../../machines/index-timers.ts';
import { supervisorMachine } from '../../machines/supervisor.ts';
import type { WorkspaceEvent, WorkspaceFact } from '../../machines/workspace/events.ts';
import type { workspaceMachine } from '../../machines/workspace.ts';
import type { OptionValues } from '../config/options.ts';
import type { MachineMove } from '../domain/inbox/frame.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import { watchMachine, watchMachines } from '../recording/watch-machine.ts';
import type { RequestBudget } from './pacing/request-budget.ts';
import { createRests } from './pacing/rests.ts';
import type { Workspace } from './workspace.ts';
import { provideWorkspaceMachine } from './workspace-actors.ts';

/** The machines of all workspaces, under one supervisor: one that fails touches no other and is started anew. */
export interface Supervision {
  /** Resolves with a fault of ours that got through everything: nothing runs on then. */
  readonly failed: Promise<unknown>;
  start(): void;
  /** Hands an event to one workspace's machine; dropped while that is not running. */
  tell(workspaceId: string, event: WorkspaceEvent): void;
  /** Hands an event to every workspace's machine. */
  tellAll(event: WorkspaceEvent): void;
  /** Null while the machine is between a failure and its new start. */
  snapshotOf(workspaceId: string): SnapshotFrom<typeof workspaceMachine> | null;
  /**
   * Tells each step of the supervisor, which is nobody's (an empty id), and of every workspace's machine from now on, first
   * where it is; the result ends that.
   */
  watchMoves(onMove: (workspaceId: string, move: MachineMove) => void): () => void;
  stop(): void;
}

/** What supervision needs. */
export interface SupervisionParts {
  readonly workspaces: ReadonlyMap<string, Workspace>;
  readonly budgetOf: (platformUrl: string) => RequestBudget;
  readonly options: OptionValues;
  readonly logger: Logger;
  /** A fact of a workspace's life, for its log. */
  readonly onFact: (workspaceId: string, fact: WorkspaceFact) => void;
  /** A machine runs, for the first time or anew. */
  readonly onStarted: (workspaceId: string) => void;
}

/** Puts the machines together; none runs before `start`. */
export function createSupervision({
  workspaces,
  budgetOf,
  options,
  logger,
  onFact,
  onStarted,
}: SupervisionParts): Supervision {
  const machine = supervisorMachine.provide({ actors: { workspace: provideWorkspaceMachine(find) } });
  const supervisor = createActor(machine, {
    input: {
      startEveryMs: START_EVERY_MS,
      workspaces: [...workspaces].map(([workspaceId, { platformUrl }]) => ({
        workspaceId,
        stretch: createRests({ budget: budgetOf(platformUrl), crowd: workspaces.size }),
        registerDeadlineMs: REGISTER_DEADLINE_MS,
        pollEveryMs: options.pollSecs * 1000,
        safetyPollEveryMs: options.safetyPollSecs * 1000,
        heartbeatEveryMs: options.heartbeatSecs * 1000,
        heartbeatEnabled: !options.disableHeartbeat,
        feedEnabled: !options.disableInbox,
      })),
    },
    logger: (...words: unknown[]) => logger.info(words.map(String).join(' ')),
  });
  indexTimers(supervisor.system);
  supervisor.on('workspace.started', ({ workspaceId, workspace }) => {
    workspace.on('fact', ({ event }) => onFact(workspaceId, event));
    workspace.on('notice', ({ level, text }) => logger[level](`workspace ${workspaceId}: ${text}`));
    onStarted(workspaceId);
  });
  supervisor.on('workspace.failed', ({ workspaceId, text, retryInMs }) => {
    logger.error(`workspace ${workspaceId}: ${text}; starting it anew in ${Math.ceil(retryInMs / 1000)} s`);
  });
  const failed = new Promise<unknown>((resolve) => {
    supervisor.subscribe({ error: resolve });
  });

  function find(workspaceId: string): Workspace {
    const workspace = workspaces.get(workspaceId);
    if (!workspace) throw new Error('the bridge has no such workspace');
    return workspace;
  }

  return {
    failed,
    start: () => supervisor.start(),
    tell: (workspaceId, event) => supervisor.send({ type: 'tell.one', workspaceId, event }),
    tellAll: (event) => supervisor.send({ type: 'tell.all', event }),
    snapshotOf(workspaceId) {
      const child = supervisor.getSnapshot().children[workspaceId] as
        | ActorRefFrom<typeof workspaceMachine>
        | undefined;
      return child?.getSnapshot() ?? null;
    },
    watchMoves(onMove) {
      const ends = [
        watchMachine(supervisor, 'supervisor', (move) => onMove('', move)),
        watchMachines(supervisor, 'workspace', (workspaceId) => workspaces.has(workspaceId), onMove),
      ];
      return () => {
        for (const end of ends) end();
      };
    },
    stop: () => supervisor.send({ type: 'stop' }),
  };
}

/** Keeps phases apart that would otherwise stay together for good. */
const START_EVERY_MS = 10;
/** With the wait for a turn, when many start behind one address. */
const REGISTER_DEADLINE_MS = 600_000;
