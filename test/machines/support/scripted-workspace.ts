import { createActor, fromEventObservable, fromPromise, SimulatedClock } from 'xstate';
import type { Notice } from '../../../machines/notice.ts';
import type { FeedReading, WakeUpSignal, workspaceActors } from '../../../machines/workspace/actors.ts';
import type { WorkspaceInput } from '../../../machines/workspace/context.ts';
import type { WorkspaceEvent, WorkspaceFact } from '../../../machines/workspace/events.ts';
import { workspaceMachine } from '../../../machines/workspace.ts';
import { readPhase, type WorkspacePhase } from '../../../machines/workspace-phase.ts';
import { PlatformError, type PlatformErrorKind } from '../../../src/domain/wire/platform-error.ts';

/** The real workspace machine on a virtual clock, its I/O in the test's hand: nothing settles unless the test says so. */
export interface ScriptedWorkspace {
  readonly actor: ReturnType<typeof createActor<typeof workspaceMachine>>;
  readonly facts: WorkspaceFact[];
  readonly notices: Notice[];
  /** Everything that was asked of the world, in order: `register`, `poll`, `recover` … */
  readonly asked: string[];
  /** How many calls of an actor are under way. */
  running(name: ActorName): number;
  started(name: ActorName): number;
  /** Settles the one call that runs. */
  succeed(name: PromiseName, output?: unknown): Promise<void>;
  fail(name: PromiseName, error: PlatformErrorKind | Error): Promise<void>;
  /** From now on calls of this actor settle by themselves. */
  answer(name: PromiseName, reply: () => unknown): Promise<void>;
  /** The wake-up stream. */
  signal(signal: WakeUpSignal): void;
  cutStream(error: PlatformErrorKind | null): void;
  /** Lets time pass in small steps, so that what follows from one timer happens before the next. */
  advance(ms: number): Promise<void>;
  /** Lets time pass until a call of this actor is under way (an hour at most): how long that took, in ms. */
  timeUntil(name: PromiseName): Promise<number>;
  send(event: WorkspaceEvent): void;
  /** What the machine is in, for a readable assertion. */
  value(): unknown;
  phase(): WorkspacePhase;
}

type Actors = typeof workspaceActors;
type ActorName = keyof Actors;
type PromiseName = Exclude<ActorName, 'followWakeUps'>;

interface Call {
  readonly name: PromiseName;
  resolve(output: unknown): void;
  reject(error: unknown): void;
}

/** Starts a scripted workspace; random draws are 0.5, the clock begins at 2026-05-01T00:00:00Z. */
export function scriptWorkspace(input: Partial<WorkspaceInput> = {}): ScriptedWorkspace {
  const clock = new SimulatedClock();
  const running = new Set<Call>();
  const replies = new Map<PromiseName, () => unknown>();
  const startedCount = new Map<ActorName, number>();
  const facts: WorkspaceFact[] = [];
  const notices: Notice[] = [];
  const asked: string[] = [];
  const streams = new Set<StreamObserver>();

  const begin = (name: ActorName, said: string) => {
    asked.push(said);
    startedCount.set(name, (startedCount.get(name) ?? 0) + 1);
  };
  const promise = <Name extends PromiseName>(name: Name): Actors[Name] =>
    fromPromise<unknown, { readonly mode?: string }>(({ input: call, signal }) => {
      begin(name, call.mode ?? name);
      const reply = replies.get(name);
      if (reply) return Promise.resolve().then(reply);
      return new Promise((resolve, reject) => {
        const open: Call = { name, resolve, reject };
        running.add(open);
        signal.addEventListener('abort', () => running.delete(open));
      });
    }) as unknown as Actors[Name];

  const actor = createActor(
    workspaceMachine.provide({
      actors: {
        acquireDelivery: promise('acquireDelivery'),
        register: promise('register'),
        heartbeat: promise('heartbeat'),
        readFeed: promise('readFeed'),
        confirmAccess: promise('confirmAccess'),
        followWakeUps: fromEventObservable<WakeUpSignal, unknown>(() => ({
          subscribe: (observer) => {
            begin('followWakeUps', 'followWakeUps');
            const stream = observer as StreamObserver;
            streams.add(stream);
            return { unsubscribe: () => streams.delete(stream) };
          },
        })) as Actors['followWakeUps'],
      },
    }),
    {
      clock,
      input: {
        workspaceId: '6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11',
        random: () => 0.5,
        now: () => Date.UTC(2026, 4, 1) + clock.now(),
        ...input,
      },
    },
  );
  actor.on('fact', ({ event }) => facts.push(event));
  actor.on('notice', (notice) => notices.push(notice));
  actor.start();

  const take = (name: PromiseName): Call => {
    const calls = [...running].filter((call) => call.name === name);
    const [call] = calls;
    if (call === undefined || calls.length > 1) {
      throw new Error(
        `${calls.length} calls of ${name} run, not one; the machine is in ${JSON.stringify(actor.getSnapshot().value)}`,
      );
    }
    running.delete(call);
    return call;
  };

  const count = (name: PromiseName) => [...running].filter((call) => call.name === name).length;
  const advance = async (ms: number) => {
    for (let left = ms; left > 0; left -= STEP_MS) {
      clock.increment(Math.min(STEP_MS, left));
      await turn();
    }
  };

  return {
    actor,
    facts,
    notices,
    asked,
    running: (name) => (name === 'followWakeUps' ? streams.size : count(name)),
    started: (name) => startedCount.get(name) ?? 0,
    async succeed(name, output) {
      take(name).resolve(output);
      await turn();
    },
    async fail(name, error) {
      take(name).reject(typeof error === 'string' ? refusal(error) : error);
      await turn();
    },
    async answer(name, reply) {
      replies.set(name, reply);
      for (const call of [...running].filter((open) => open.name === name)) {
        running.delete(call);
        Promise.resolve().then(reply).then(call.resolve, call.reject);
      }
      await turn();
    },
    signal(signal) {
      for (const stream of streams) stream.next(signal);
    },
    cutStream(error) {
      for (const stream of [...streams]) {
        streams.delete(stream);
        if (error === null) stream.complete();
        else stream.error(refusal(error));
      }
    },
    advance,
    async timeUntil(name) {
      let waited = 0;
      for (; count(name) === 0 && waited < 3_600_000; waited += STEP_MS) await advance(STEP_MS);
      return waited;
    },
    send: (event) => actor.send(event),
    value: () => actor.getSnapshot().value,
    phase: () => readPhase(actor.getSnapshot()),
  };
}

/** A scripted workspace that is online, its first beat answered and its first poll under way. */
export async function onlineWorkspace(input: Partial<WorkspaceInput> = {}): Promise<ScriptedWorkspace> {
  const world = scriptWorkspace(input);
  await world.succeed('acquireDelivery');
  if (input.heartbeatEnabled === false) return world;
  await world.succeed('register', { deliveryMode: 'poll' });
  await world.succeed('heartbeat');
  return world;
}

/** What a read comes to when nothing was written. */
export const nothingNew: FeedReading = { rows: 0, sinceMicros: 0 };

/** A platform's refusal of a kind, with the status that it usually has. */
export function refusal(kind: PlatformErrorKind, retryAfterMs: number | null = null): PlatformError {
  return new PlatformError(kind, `the platform said ${kind}`, { status: STATUS[kind] ?? 0, retryAfterMs });
}

interface StreamObserver {
  next(signal: WakeUpSignal): void;
  error(error: unknown): void;
  complete(): void;
}

/** Everything that was settled reaches the machine within one turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

const STEP_MS = 250;

const STATUS: { readonly [Kind in PlatformErrorKind]?: number } = {
  unauthorised: 401,
  'cursor-gone': 410,
  removed: 410,
  'not-found': 404,
  'no-such-route': 404,
  'rate-limited': 429,
  unavailable: 503,
};
