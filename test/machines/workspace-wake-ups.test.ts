import { describe, expect, it } from 'vitest';
import { nothingNew, onlineWorkspace, type ScriptedWorkspace } from './support/scripted-workspace.ts';

const streamIs = (state: unknown) => ({ online: { wakeUps: state } });

/** Online, the first poll answered, the stream open and the poll that follows from that answered too. */
async function wakeful(): Promise<ScriptedWorkspace> {
  const world = await onlineWorkspace();
  await world.answer('heartbeat', () => undefined);
  await world.succeed('readFeed', nothingNew);
  world.signal({ type: 'wakeUps.opened' });
  await world.succeed('readFeed', nothingNew);
  return world;
}

describe('wake-ups', () => {
  it('polls once when the stream opens, and then slowly while it is open', async () => {
    const world = await wakeful();
    expect(world.started('readFeed')).toBe(2);
    expect(world.value()).toMatchObject(streamIs({ following: 'open' }));
    expect(await world.timeUntil('readFeed')).toBe(30_000);
  });

  it('polls once more when the stream opens during a poll', async () => {
    const world = await onlineWorkspace();
    world.signal({ type: 'wakeUps.opened' });
    expect(world.started('readFeed')).toBe(1);
    await world.succeed('readFeed', nothingNew);
    expect(world.started('readFeed')).toBe(2);
    await world.succeed('readFeed', nothingNew);
    expect(await world.timeUntil('readFeed')).toBe(30_000);
  });

  it('polls at once when woken, once again 1–2 s later for late commits, and rests', async () => {
    const world = await wakeful();
    await world.advance(3_000);
    world.signal({ type: 'feed.wake' });
    expect(world.running('readFeed')).toBe(1);
    await world.succeed('readFeed', { rows: 1, sinceMicros: 0 });
    expect(await world.timeUntil('readFeed')).toBe(1_500);
    await world.succeed('readFeed', nothingNew);
    expect(await world.timeUntil('readFeed')).toBe(30_000);
  });

  it('turns a hundred wake-ups during a poll into exactly one more', async () => {
    const world = await wakeful();
    world.signal({ type: 'feed.wake' });
    for (let frame = 0; frame < 100; frame += 1) world.signal({ type: 'feed.wake' });
    expect(world.started('readFeed')).toBe(3);
    await world.succeed('readFeed', nothingNew);
    expect(world.started('readFeed')).toBe(4);
    await world.succeed('readFeed', nothingNew);
    expect([world.started('readFeed'), world.running('readFeed')]).toEqual([4, 0]);
    expect(await world.timeUntil('readFeed')).toBe(1_500);
    await world.succeed('readFeed', nothingNew);
    expect(await world.timeUntil('readFeed')).toBe(30_000);
  });

  it('polls soon after the stream was cut, then every 5 s, and reconnects', async () => {
    const world = await wakeful();
    await world.advance(5_000);
    world.cutStream('unavailable');
    expect(world.value()).toMatchObject(streamIs('backingOff'));
    expect(await world.timeUntil('readFeed')).toBe(1_500);
    await world.succeed('readFeed', nothingNew);
    expect(world.value()).toMatchObject(streamIs({ following: 'opening' }));
    expect(await world.timeUntil('readFeed')).toBe(5_000);
  });

  it('reconnects with growing pauses, and no failed try costs a poll', async () => {
    const world = await onlineWorkspace();
    await world.answer('heartbeat', () => undefined);
    await world.answer('readFeed', () => nothingNew);
    const opened: number[] = [];
    for (let second = 0; second < 120; second += 1) {
      if (world.running('followWakeUps') > 0) {
        opened.push(second);
        world.cutStream('unavailable');
      }
      await world.advance(1_000);
    }
    expect(opened).toEqual([0, 1, 3, 7, 15, 31, 61, 91]);
    expect(world.started('readFeed')).toBe(25);
  });

  it('keeps growing the pauses of a stream that opens only to be cut', async () => {
    const world = await wakeful();
    await world.answer('readFeed', () => nothingNew);
    const before = world.started('followWakeUps');
    for (let second = 0; second < 120; second += 1) {
      if (world.running('followWakeUps') > 0) {
        world.signal({ type: 'wakeUps.opened' });
        world.cutStream(null);
      }
      await world.advance(1_000);
    }
    expect(world.started('followWakeUps') - before).toBeLessThanOrEqual(8);
  });

  it('forgets the pauses once a stream has lived for 30 s', async () => {
    const world = await wakeful();
    await world.answer('readFeed', () => nothingNew);
    for (let cut = 0; cut < 5; cut += 1) {
      world.cutStream('unavailable');
      await world.advance(60_000);
    }
    world.signal({ type: 'wakeUps.opened' });
    await world.advance(30_000);
    world.cutStream(null);
    const before = world.started('followWakeUps');
    await world.advance(1_000);
    expect(world.started('followWakeUps')).toBe(before + 1);
  });

  it('asks a server without such a route again every 15 minutes only, and polls meanwhile', async () => {
    for (const kind of ['no-such-route', 'not-found'] as const) {
      const world = await onlineWorkspace();
      await world.answer('heartbeat', () => undefined);
      await world.answer('readFeed', () => nothingNew);
      world.cutStream(kind);
      expect(world.value()).toMatchObject(streamIs('unavailable'));
      await world.advance(899_000);
      expect(world.started('followWakeUps')).toBe(1);
      expect(world.started('readFeed')).toBe(180);
      await world.advance(1_000);
      expect(world.started('followWakeUps')).toBe(2);
    }
  });

  it('reopens what it held open when the laptop slept', async () => {
    const world = await wakeful();
    world.send({ type: 'clock.jumped' });
    expect([world.started('followWakeUps'), world.running('followWakeUps')]).toEqual([2, 1]);
    expect(world.value()).toMatchObject(streamIs({ following: 'opening' }));
    expect(world.running('readFeed')).toBe(1);
    await world.succeed('readFeed', nothingNew);
    expect(await world.timeUntil('readFeed')).toBe(5_000);
  });

  it('never raises its voice: nothing is lost without the stream', async () => {
    const world = await wakeful();
    world.cutStream('unauthorised');
    await world.advance(60_000);
    world.cutStream(null);
    expect(new Set(world.notices.map(({ level }) => level))).toEqual(new Set(['info']));
    expect(world.value()).toMatchObject({ online: {} });
  });
});
