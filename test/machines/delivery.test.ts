import { describe, expect, it } from 'vitest';
import { createActor, fromPromise, getNextTransitions, SimulatedClock } from 'xstate';
import { getShortestPaths, getSimplePaths } from 'xstate/graph';
import { deliveryMachine, type OfferResult } from '../../machines/delivery.ts';
import type { Notice } from '../../machines/notice.ts';

const nothing: OfferResult = { offered: 0, more: false, againInMs: null };

/** The real delivery machine on a virtual clock, with a host in the test's hand. */
function scriptDelivery() {
  const clock = new SimulatedClock();
  const open = new Set<{ resolve(result: OfferResult): void; reject(error: unknown): void }>();
  const notices: Notice[] = [];
  let started = 0;
  const actor = createActor(
    deliveryMachine.provide({
      actors: {
        offerNext: fromPromise<OfferResult>(({ signal }) => {
          started += 1;
          return new Promise((resolve, reject) => {
            const call = { resolve, reject };
            open.add(call);
            signal.addEventListener('abort', () => open.delete(call));
          });
        }),
      },
    }),
    { clock, input: { random: () => 0.5 } },
  );
  actor.on('notice', (notice) => notices.push(notice));
  actor.start();
  const take = () => {
    const [call] = open;
    if (call === undefined || open.size > 1) throw new Error(`${open.size} offerings run, not one`);
    open.delete(call);
    return call;
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return {
    actor,
    notices,
    started: () => started,
    running: () => open.size,
    async take(result: OfferResult = nothing) {
      take().resolve(result);
      await turn();
    },
    async refuse(error: unknown = new Error('broken pipe')) {
      take().reject(error);
      await turn();
    },
    async advance(ms: number) {
      for (let left = ms; left > 0; left -= 250) {
        clock.increment(Math.min(250, left));
        await turn();
      }
    },
    value: () => actor.getSnapshot().value,
  };
}

/** A host that has said `initialized` and took the first offering. */
async function ready() {
  const world = scriptDelivery();
  world.actor.send({ type: 'host.initialized' });
  await world.take();
  return world;
}

describe('delivery', () => {
  it('pushes nothing before the host has said initialized, and then at once', async () => {
    const world = scriptDelivery();
    world.actor.send({ type: 'inbox.changed' });
    await world.advance(300_000);
    expect([world.value(), world.started()]).toEqual(['waitingForHost', 0]);
    world.actor.send({ type: 'host.initialized' });
    expect([world.value(), world.running()]).toEqual(['offering', 1]);
  });

  it('offers when the inbox has changed, one offering at a time, and once more for changes during one', async () => {
    const world = await ready();
    expect(world.value()).toBe('idle');
    for (let change = 0; change < 10; change += 1) world.actor.send({ type: 'inbox.changed' });
    expect([world.started(), world.running()]).toEqual([2, 1]);
    await world.take({ offered: 1, more: false, againInMs: null });
    expect([world.started(), world.running()]).toEqual([3, 1]);
    await world.take();
    expect(world.value()).toBe('idle');
  });

  it('goes on while there is more, but not for ever when nothing moves', async () => {
    const world = await ready();
    world.actor.send({ type: 'inbox.changed' });
    await world.take({ offered: 20, more: true, againInMs: null });
    expect(world.running()).toBe(1);
    await world.take({ offered: 0, more: true, againInMs: null });
    expect(world.value()).toBe('idle');
  });

  it('comes back for a digest that is due later, and looks once a minute anyway', async () => {
    const world = await ready();
    world.actor.send({ type: 'inbox.changed' });
    await world.take({ offered: 1, more: false, againInMs: 20_000 });
    await world.advance(19_750);
    expect(world.running()).toBe(0);
    await world.advance(250);
    expect(world.running()).toBe(1);
    await world.take();
    await world.advance(59_750);
    expect(world.running()).toBe(0);
    await world.advance(250);
    expect(world.running()).toBe(1);
  });

  it('keeps trying a host that takes nothing, with growing pauses, and says so once', async () => {
    const world = await ready();
    world.actor.send({ type: 'inbox.changed' });
    const gaps: number[] = [];
    for (let failed = 0; failed < 7; failed += 1) {
      await world.refuse();
      expect(world.value()).toBe('backingOff');
      world.actor.send({ type: 'inbox.changed' });
      let gap = 0;
      for (; world.running() === 0; gap += 250) await world.advance(250);
      gaps.push(gap);
    }
    expect(gaps).toEqual([750, 1_500, 3_000, 6_000, 12_000, 22_500, 22_500]);
    await world.take();
    expect(world.notices.map(({ text }) => text)).toEqual([
      'messages cannot be pushed to the host: broken pipe; they stay in the inbox, trying again with growing pauses',
      'the host takes messages again',
    ]);
  });

  it('ends with the host, in the middle of an offering too', async () => {
    for (const type of ['host.gone', 'stop'] as const) {
      const world = await ready();
      world.actor.send({ type: 'inbox.changed' });
      world.actor.send({ type });
      expect([world.value(), world.running(), world.actor.getSnapshot().status]).toEqual([
        'stopped',
        0,
        'done',
      ]);
    }
  });
});

const walking = {
  input: { random: () => 0.5 },
  serializeState: ({ value, context }: Snapshot) =>
    JSON.stringify([value, context.changedMeanwhile, context.lastError]),
  serializeEvent: ({ type, ...data }: Event) => JSON.stringify([type, 'output' in data ? data.output : null]),
  events: (snapshot: Snapshot) =>
    snapshot.status === 'active'
      ? getNextTransitions(snapshot)
          .filter(({ eventType }) => eventType !== '')
          .flatMap(({ eventType: type }) =>
            type.startsWith('xstate.done')
              ? [nothing, { offered: 1, more: true, againInMs: null }].map(
                  (output) => ({ type, output }) as unknown as Event,
                )
              : [{ type, error: new Error('broken pipe') } as unknown as Event],
          )
      : [],
  limit: 1_000,
};
type Snapshot = ReturnType<typeof deliveryMachine.getInitialSnapshot>;
type Event = Parameters<typeof deliveryMachine.transition>[1];

const shortest = getShortestPaths(deliveryMachine, walking);
const simple = getSimplePaths(deliveryMachine, walking);

describe('the delivery machine', () => {
  it(`offers in one state only, on ${simple.length} simple paths, and comes back to it from each of ${shortest.length} states`, () => {
    for (const { steps } of simple) {
      const world = scriptDelivery();
      for (const { event } of steps.slice(1)) {
        world.actor.send(event);
        expect(world.running()).toBe(world.value() === 'offering' ? 1 : 0);
      }
    }
    for (const { state } of shortest) {
      const back = getShortestPaths(deliveryMachine, {
        ...walking,
        fromState: state,
        toState: (snapshot) => snapshot.matches('offering'),
        filterEvents: (_, { type }) => /^xstate\.(after|error)|initialized/.test(type),
      });
      expect(back.length > 0, JSON.stringify(state.value)).toBe(!state.matches('stopped'));
    }
  });
});
