import { describe, expect, it } from 'vitest';
import { createActor, createMachine, SimulatedClock } from 'xstate';
import { indexTimers } from '../../machines/index-timers.ts';

const bell = createMachine({ after: { 1000: { actions: 'ring' }, 2000: { actions: 'ring' } } });

/** A parent whose one child ends with the state `both`; each child's bell goes off after one and two seconds. */
function open() {
  const clock = new SimulatedClock();
  const rung: string[] = [];
  const bells = bell.provide({ actions: { ring: ({ self }) => rung.push(self.id) } });
  const parent = createActor(
    createMachine({
      initial: 'both',
      invoke: { id: 'staying', src: bells },
      states: { both: { invoke: { id: 'leaving', src: bells }, on: { leave: 'one' } }, one: {} },
    }),
    { clock },
  );
  indexTimers(parent.system);
  parent.start();
  return { clock, rung, parent };
}

describe('the timers of a system of actors', () => {
  it('go off in time', () => {
    const { clock, rung } = open();
    clock.increment(1_000);
    clock.increment(1_000);
    expect(rung.sort()).toEqual(['leaving', 'leaving', 'staying', 'staying']);
  });

  it('end with their actor, and with no other', () => {
    const { clock, rung, parent } = open();
    clock.increment(1_000);
    parent.send({ type: 'leave' });
    clock.increment(1_000);
    expect(rung.sort()).toEqual(['leaving', 'staying', 'staying']);
    expect(parent.system.getSnapshot()._scheduledEvents).toEqual({});
  });

  it('are not looked through when an actor ends', () => {
    const { parent } = open();
    const scheduled = parent.system.getSnapshot()._scheduledEvents;
    let looks = 0;
    const watched = new Proxy(scheduled, {
      ownKeys(target) {
        looks += 1;
        return Reflect.ownKeys(target);
      },
    });
    Object.assign(parent.system, { _snapshot: { _scheduledEvents: watched } });
    parent.send({ type: 'leave' });
    expect(looks).toBe(0);
    expect(Object.keys(scheduled)).toHaveLength(2);
  });
});
