import { describe, expect, it } from 'vitest';
import type { ActorLogic } from 'xstate';
import {
  adjacencyMapToArray,
  getAdjacencyMap,
  getShortestPaths,
  getSimplePaths,
  type StatePath,
} from 'xstate/graph';
import type { WorkspaceInput } from '../../machines/workspace/context.ts';
import type { WorkspaceEvent } from '../../machines/workspace/events.ts';
import { workspaceMachine } from '../../machines/workspace.ts';
import { describeEvent, explore, type Snapshot } from './support/explore.ts';
import { type RunningWork, startCounting } from './support/running-work.ts';

const shortest = getShortestPaths(workspaceMachine, explore());
const keyOf = explore().serializeState as (snapshot: Snapshot) => string;
/** Simple paths multiply with parallel regions: here the feed alone with its wake-ups, replies and pauses. */
const feedOnly = { heartbeatEnabled: false };
const simple = getSimplePaths(workspaceMachine, {
  ...explore(feedOnly),
  filterEvents: (_, { type }) => !/deadline|clock|stop|lost|akeUps|storage|stream|inbox/.test(type),
});

describe('the workspace machine', () => {
  it(`runs exactly the I/O of its state on the shortest paths to ${shortest.length} states`, () => {
    for (const path of longest(shortest)) walk(path);
  });

  it(`runs exactly the I/O of its state on ${simple.length} simple paths of the feed`, () => {
    for (const path of longest(simple)) walk(path, feedOnly);
  });

  it('leads from every state back to a poll and a beat by time and good answers alone, or is stopped', () => {
    const edges = adjacencyMapToArray(
      getAdjacencyMap<Snapshot, WorkspaceEvent, WorkspaceInput>(
        workspaceMachine as unknown as ActorLogic<Snapshot, WorkspaceEvent, WorkspaceInput>,
        explore(),
      ),
    ).map(({ state, event, nextState }) => ({ event, from: keyOf(state), to: keyOf(nextState) }));
    const helpless = edges.filter(({ event }) => needsNoHelp(event));
    for (const goal of [{ feed: { reading: 'polling' } }, { presence: 'beating' }] as const) {
      const there = shortest.filter(({ state }) => state.matches({ online: goal }));
      const leads = new Set(there.map(({ state }) => keyOf(state)));
      for (let before = -1; before !== leads.size; ) {
        before = leads.size;
        for (const { from, to } of helpless) if (leads.has(to)) leads.add(from);
      }
      const stuck = shortest.filter(({ state }) => !leads.has(keyOf(state))).map(({ state }) => state.value);
      expect(new Set(stuck)).toEqual(new Set(['stopped']));
    }
  });

  it('never fails: no path ends in an error', () => {
    expect(new Set(shortest.map(({ state }) => state.status))).toEqual(new Set(['active', 'done']));
  });
});

type Path = StatePath<Snapshot, WorkspaceEvent>;

/** The paths that no other begins with: walking these walks all. */
function longest(paths: readonly Path[]): Path[] {
  const namesOf = ({ steps }: Path) => steps.map(({ event }) => describeEvent(event));
  const beginnings = new Set(paths.map((path) => namesOf(path).slice(0, -1).join(' → ')));
  return paths.filter((path) => !beginnings.has(namesOf(path).join(' → ')));
}

/** Sends a path's events to the real machine; after each, what runs must be what its state stands for. */
function walk({ steps, state }: Path, input = {}): void {
  const { actor, running } = startCounting(input);
  const said: string[] = [];
  for (const { event } of steps) {
    if (event.type !== ('xstate.init' as string)) actor.send(event);
    said.push(describeEvent(event));
    const snapshot = actor.getSnapshot();
    const expected = workOf(snapshot);
    if (JSON.stringify(running) !== JSON.stringify(expected))
      expect(running, said.join(' → ')).toEqual(expected);
  }
  expect(actor.getSnapshot().value).toEqual(state.value);
  actor.stop();
}

function workOf(snapshot: Snapshot): RunningWork {
  const isIn = (...values: readonly Parameters<Snapshot['matches']>[0][]) =>
    Number(values.some((value) => snapshot.matches(value)));
  return {
    acquireDelivery: isIn({ standingBy: 'acquiring' }),
    register: isIn('registering'),
    heartbeat: isIn({ online: { presence: 'beating' } }),
    readFeed: isIn(
      { online: { feed: { reading: 'polling' } } },
      { online: { feed: { reading: 'recovering' } } },
    ),
    confirmAccess: isIn({ checkingAccess: 'asking' }, { revoked: 'asking' }, { removed: 'asking' }),
    followWakeUps: isIn({ online: { wakeUps: 'following' } }),
  };
}

function needsNoHelp({ type, ...reply }: WorkspaceEvent): boolean {
  if (type.startsWith('xstate.after') || type === 'inbox.drained') return true;
  if (!type.startsWith('xstate.done')) return false;
  const { output } = reply as { output?: { verdict?: string } };
  return output?.verdict === undefined || output.verdict === 'accepted';
}
