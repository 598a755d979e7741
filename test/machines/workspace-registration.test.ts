import { describe, expect, it } from 'vitest';
import { nothingNew, onlineWorkspace, refusal, scriptWorkspace } from './support/scripted-workspace.ts';

describe('standing by', () => {
  it('asks for delivery and for nothing else until it delivers', async () => {
    const world = scriptWorkspace();
    await world.advance(60_000);
    expect(world.asked).toEqual(['acquireDelivery']);
    await world.succeed('acquireDelivery');
    expect(world.asked).toEqual(['acquireDelivery', 'register']);
  });

  it('asks again within 5 s when the question itself fails', async () => {
    const world = scriptWorkspace();
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      await world.fail('acquireDelivery', new Error('no socket'));
      expect(world.value()).toEqual({ standingBy: 'backingOff' });
      await world.advance(5_000);
      expect(world.started('acquireDelivery')).toBe(attempt + 1);
    }
  });

  it('lets go of everything when another window delivers', async () => {
    const world = await onlineWorkspace();
    world.send({ type: 'delivery.lost' });
    expect(world.value()).toEqual({ standingBy: 'acquiring' });
    expect([world.running('readFeed'), world.running('heartbeat'), world.running('followWakeUps')]).toEqual([
      0, 0, 0,
    ]);
    const before = world.asked.length;
    await world.advance(60_000);
    expect(world.asked.slice(before)).toEqual([]);
    await world.succeed('acquireDelivery');
    expect(world.value()).toBe('registering');
  });

  it('stays with its question when told twice that delivery is lost', async () => {
    const world = scriptWorkspace();
    world.send({ type: 'delivery.lost' });
    expect(world.asked).toEqual(['acquireDelivery']);
  });
});

describe('registering', () => {
  it('registers, says so once, and goes online with beat, poll and stream at once', async () => {
    const world = scriptWorkspace();
    await world.succeed('acquireDelivery');
    await world.succeed('register', { deliveryMode: 'poll' });
    expect(world.facts).toEqual([{ type: 'workspace.registered', data: { deliveryMode: 'poll' } }]);
    expect(world.value()).toEqual({
      online: { presence: 'beating', feed: { reading: 'polling' }, wakeUps: { following: 'opening' } },
    });
    expect(world.asked.slice(2).sort()).toEqual(['followWakeUps', 'heartbeat', 'poll']);
  });

  it('tries again with growing pauses, and says once that it fails and once that it works (W-28)', async () => {
    const world = scriptWorkspace();
    await world.succeed('acquireDelivery');
    const gaps: number[] = [];
    for (let failed = 0; failed < 5; failed += 1) {
      await world.fail('register', 'unavailable');
      expect(world.value()).toBe('registrationBackingOff');
      gaps.push(await world.timeUntil('register'));
    }
    expect(gaps).toEqual([750, 1_500, 3_000, 6_000, 12_000]);
    expect(world.notices.map(({ level }) => level)).toEqual(['warn']);
    await world.succeed('register', { deliveryMode: 'poll' });
    expect(world.notices.map(({ text }) => text)).toEqual([
      'registration fails: the platform said unavailable; trying again with growing pauses',
      'registration works again after 5 failed tries',
    ]);
  });

  it('obeys Retry-After, also over a clock that jumps', async () => {
    const world = scriptWorkspace();
    await world.succeed('acquireDelivery');
    await world.fail('register', refusal('rate-limited', 30_000));
    await world.advance(29_750);
    world.send({ type: 'clock.jumped' });
    expect(world.started('register')).toBe(1);
    await world.advance(3_250);
    expect(world.started('register')).toBe(2);
  });

  it('gives a registration up that never answers', async () => {
    const world = scriptWorkspace();
    await world.succeed('acquireDelivery');
    await world.advance(60_000);
    expect(world.value()).toBe('registrationBackingOff');
    expect(world.running('register')).toBe(0);
    await world.advance(1_000);
    expect(world.running('register')).toBe(1);
  });

  it('is left out with the heartbeat when that is disabled', async () => {
    const world = await onlineWorkspace({ heartbeatEnabled: false });
    await world.answer('readFeed', () => nothingNew);
    await world.advance(120_000);
    expect(new Set(world.asked)).toEqual(new Set(['acquireDelivery', 'poll', 'followWakeUps']));
  });
});

describe('stop', () => {
  it('ends every phase at once, with nothing left running', async () => {
    const phases = {
      'standing by': async () => scriptWorkspace(),
      registering: async () => {
        const world = scriptWorkspace();
        await world.succeed('acquireDelivery');
        return world;
      },
      online: onlineWorkspace,
      'checking access': async () => {
        const world = await onlineWorkspace();
        await world.fail('readFeed', 'unauthorised');
        return world;
      },
    };
    for (const [phase, reach] of Object.entries(phases)) {
      const world = await reach();
      world.send({ type: 'stop' });
      expect(world.actor.getSnapshot().status, phase).toBe('done');
      const before = world.asked.length;
      await world.advance(60_000);
      expect(world.asked.slice(before), phase).toEqual([]);
      for (const name of [
        'acquireDelivery',
        'register',
        'heartbeat',
        'readFeed',
        'confirmAccess',
        'followWakeUps',
      ] as const) {
        expect(world.running(name), `${name} when ${phase}`).toBe(0);
      }
    }
  });
});
