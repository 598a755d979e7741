import { describe, expect, it } from 'vitest';
import { createActor, fromPromise, SimulatedClock } from 'xstate';
import {
  type SupervisorEmitted,
  type SupervisorInput,
  supervisorMachine,
} from '../../machines/supervisor.ts';
import type { FeedReading, ReadFeedInput, WorkspaceCall } from '../../machines/workspace/actors.ts';
import type { WorkspaceFact } from '../../machines/workspace/events.ts';
import { workspaceMachine } from '../../machines/workspace.ts';

/** A real supervisor over real workspace machines; everything succeeds but what the test breaks. */
function supervise(ids: readonly string[], input: Partial<SupervisorInput> = {}) {
  const clock = new SimulatedClock();
  const emitted: SupervisorEmitted[] = [];
  const facts: [string, WorkspaceFact['type']][] = [];
  const reading = new Map<string, number>();
  const beats = new Map<string, number>();
  const broken = new Set<string>();
  const workspace = workspaceMachine.provide({
    actors: {
      acquireDelivery: fromPromise<void, WorkspaceCall>(async () => {}),
      register: fromPromise<{ deliveryMode: string }, WorkspaceCall>(async () => ({ deliveryMode: 'poll' })),
      heartbeat: fromPromise<void, WorkspaceCall>(async ({ input: { workspaceId } }) => {
        beats.set(workspaceId, (beats.get(workspaceId) ?? 0) + 1);
      }),
      readFeed: fromPromise<FeedReading, ReadFeedInput>(({ input: { workspaceId }, signal }) => {
        reading.set(workspaceId, (reading.get(workspaceId) ?? 0) + 1);
        signal.addEventListener('abort', () => reading.set(workspaceId, (reading.get(workspaceId) ?? 0) - 1));
        return new Promise(() => {});
      }),
    },
    actions: {
      'inbox is full': ({ context }) => {
        if (broken.has(context.workspaceId)) throw new Error(`a fault in ${context.workspaceId}`);
      },
    },
  });
  const supervisor = createActor(supervisorMachine.provide({ actors: { workspace } }), {
    clock,
    input: {
      workspaces: ids.map((workspaceId) => ({ workspaceId, now: () => clock.now() })),
      random: () => 0.5,
      now: () => clock.now(),
      ...input,
    },
  });
  supervisor.on('workspace.started', (event) => {
    emitted.push(event);
    event.workspace.on('fact', ({ event: fact }) => facts.push([event.workspaceId, fact.type]));
  });
  supervisor.on('workspace.failed', (event) => emitted.push(event));
  supervisor.start();
  const advance = async (ms: number) => {
    for (let left = ms; left > 0; left -= 250) {
      clock.increment(Math.min(250, left));
      for (let turns = 0; turns < 4; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return {
    supervisor,
    emitted,
    facts,
    broken,
    advance,
    reading: (id: string) => reading.get(id) ?? 0,
    beats: (id: string) => beats.get(id) ?? 0,
    value: (id: string) => supervisor.getSnapshot().children[id]?.getSnapshot().value,
  };
}

describe('the supervisor', () => {
  it('starts one machine per workspace, and a listener misses no fact', async () => {
    const world = supervise(['a', 'b', 'c']);
    await world.advance(250);
    expect(Object.keys(world.supervisor.getSnapshot().children)).toEqual(['a', 'b', 'c']);
    expect(world.facts).toEqual([
      ['a', 'workspace.registered'],
      ['b', 'workspace.registered'],
      ['c', 'workspace.registered'],
    ]);
    expect(world.value('b')).toMatchObject({ online: { feed: { reading: 'polling' } } });
  });

  it('spreads the start when asked to', async () => {
    const world = supervise(['a', 'b', 'c'], { startEveryMs: 1_000 });
    await world.advance(1_750);
    expect(Object.keys(world.supervisor.getSnapshot().children)).toEqual(['a', 'b']);
    await world.advance(250);
    expect(Object.keys(world.supervisor.getSnapshot().children)).toEqual(['a', 'b', 'c']);
  });

  it('starts a machine anew that failed, with growing pauses, and touches no other (W-26)', async () => {
    const world = supervise(['a', 'b']);
    await world.advance(250);
    world.broken.add('a');
    const pauses: number[] = [];
    for (let failed = 0; failed < 4; failed += 1) {
      world.supervisor.send({ type: 'tell.one', workspaceId: 'a', event: { type: 'inbox.filled' } });
      expect(Object.keys(world.supervisor.getSnapshot().children)).toEqual(['b']);
      let pause = 0;
      for (; world.value('a') === undefined; pause += 250) await world.advance(250);
      pauses.push(pause);
      await world.advance(250);
      expect([world.reading('a'), world.reading('b')]).toEqual([1, 1]);
    }
    expect(pauses).toEqual([750, 1_500, 3_000, 6_000]);
    expect(world.emitted.filter(({ type }) => type === 'workspace.failed')[0]).toEqual({
      type: 'workspace.failed',
      workspaceId: 'a',
      text: 'a fault in a',
      failures: 1,
      retryInMs: 750,
    });
    expect(world.emitted.filter(({ workspaceId }) => workspaceId === 'b')).toHaveLength(1);
    await world.advance(60_000);
    expect(world.beats('b')).toBeGreaterThanOrEqual(3);
  });

  it('lets go of the work of a machine that failed: nothing of it runs on beside its successor', async () => {
    const world = supervise(['a']);
    await world.advance(250);
    expect(world.reading('a')).toBe(1);
    world.broken.add('a');
    world.supervisor.send({ type: 'tell.all', event: { type: 'inbox.filled' } });
    expect(world.reading('a')).toBe(0);
  });

  it('starts its pauses over when a machine has worked for ten minutes', async () => {
    const world = supervise(['a']);
    world.broken.add('a');
    const fail = async () => {
      world.supervisor.send({ type: 'tell.all', event: { type: 'inbox.filled' } });
      await world.advance(10_000);
    };
    await world.advance(250);
    await fail();
    await fail();
    await world.advance(600_000);
    await fail();
    const failures = world.emitted.flatMap((event) =>
      event.type === 'workspace.failed' ? [event.failures] : [],
    );
    expect(failures).toEqual([1, 2, 1]);
  });

  it('hands events to one machine or to all, and drops those for nobody', async () => {
    const world = supervise(['a', 'b']);
    await world.advance(250);
    world.supervisor.send({ type: 'tell.one', workspaceId: 'a', event: { type: 'inbox.filled' } });
    world.supervisor.send({ type: 'tell.one', workspaceId: 'z', event: { type: 'inbox.filled' } });
    expect(world.value('b')).toMatchObject({ online: { feed: { reading: 'polling' } } });
    world.supervisor.send({ type: 'tell.all', event: { type: 'delivery.lost' } });
    expect([world.value('a'), world.value('b')]).toEqual([
      { standingBy: 'acquiring' },
      { standingBy: 'acquiring' },
    ]);
    expect(world.supervisor.getSnapshot().status).toBe('active');
  });

  it('forgets a machine that was stopped by itself', async () => {
    const world = supervise(['a', 'b']);
    await world.advance(250);
    world.supervisor.send({ type: 'tell.one', workspaceId: 'a', event: { type: 'stop' } });
    await world.advance(120_000);
    expect(Object.keys(world.supervisor.getSnapshot().children)).toEqual(['b']);
    expect(world.reading('a')).toBe(0);
  });

  it('stops all, those that wait for a restart too', async () => {
    const world = supervise(['a', 'b', 'c']);
    await world.advance(250);
    world.broken.add('c');
    world.supervisor.send({ type: 'tell.one', workspaceId: 'c', event: { type: 'inbox.filled' } });
    const started = world.emitted.length;
    world.supervisor.send({ type: 'stop' });
    expect(world.supervisor.getSnapshot().status).toBe('done');
    expect([world.reading('a'), world.reading('b'), world.reading('c')]).toEqual([0, 0, 0]);
    const beats = world.beats('a');
    await world.advance(120_000);
    expect(world.beats('a')).toBe(beats);
    expect(world.emitted).toHaveLength(started);
  });
});
