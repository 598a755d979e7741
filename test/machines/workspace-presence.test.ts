import { describe, expect, it } from 'vitest';
import { nothingNew, onlineWorkspace, refusal } from './support/scripted-workspace.ts';

describe('presence', () => {
  it('beats at once and then 20 s after the last beat has ended', async () => {
    const world = await onlineWorkspace();
    expect(world.started('heartbeat')).toBe(1);
    await world.advance(19_750);
    expect(world.started('heartbeat')).toBe(1);
    await world.advance(250);
    expect(world.started('heartbeat')).toBe(2);
    await world.advance(20_000);
    expect(world.started('heartbeat')).toBe(2);
    await world.succeed('heartbeat');
    await world.advance(20_000);
    expect(world.started('heartbeat')).toBe(3);
  });

  it('beats on time while a poll hangs (W-17)', async () => {
    const world = await onlineWorkspace();
    await world.answer('heartbeat', () => undefined);
    await world.advance(120_000);
    expect(world.started('readFeed')).toBe(1);
    expect(world.started('heartbeat')).toBe(7);
  });

  it('polls on time while a beat hangs', async () => {
    const world = await onlineWorkspace();
    await world.answer('readFeed', () => nothingNew);
    await world.advance(60_000);
    expect(world.running('heartbeat')).toBe(1);
    expect(world.started('readFeed')).toBe(13);
  });

  it('backs off without leaving online, tells once, and is on time again after a success', async () => {
    const world = await onlineWorkspace();
    await world.answer('readFeed', () => nothingNew);
    await world.advance(20_000);
    const gaps: number[] = [];
    for (let failed = 0; failed < 7; failed += 1) {
      await world.fail('heartbeat', 'unavailable');
      expect(world.value()).toMatchObject({ online: { presence: 'backingOff' } });
      gaps.push(await world.timeUntil('heartbeat'));
    }
    expect(gaps).toEqual([1_500, 3_000, 6_000, 12_000, 24_000, 30_000, 30_000]);
    await world.succeed('heartbeat');
    expect(world.notices.map(({ text }) => text)).toEqual([
      'the heartbeat fails: the platform said unavailable; trying again with growing pauses',
      'the heartbeat works again after 7 failed tries',
    ]);
    await world.advance(20_000);
    await world.fail('heartbeat', 'unavailable');
    await world.advance(1_500);
    expect(world.running('heartbeat')).toBe(1);
  });

  it('tells again when what fails has changed', async () => {
    const world = await onlineWorkspace({ heartbeatEveryMs: 1_000, feedEnabled: false });
    await world.advance(1_000);
    for (const kind of ['unavailable', 'unavailable', 'rate-limited', 'rate-limited', 'malformed'] as const) {
      await world.fail('heartbeat', kind);
      await world.timeUntil('heartbeat');
    }
    expect(world.notices).toHaveLength(3);
  });

  it('obeys Retry-After', async () => {
    const world = await onlineWorkspace();
    await world.advance(20_000);
    await world.fail('heartbeat', refusal('rate-limited', 37_000));
    await world.advance(36_750);
    expect(world.running('heartbeat')).toBe(0);
    await world.advance(4_250);
    expect(world.running('heartbeat')).toBe(1);
  });

  it('gives a beat up that never answers, before the platform calls the agent gone', async () => {
    const world = await onlineWorkspace();
    await world.advance(20_000 + 45_000);
    expect(world.value()).toMatchObject({ online: { presence: 'backingOff' } });
    await world.advance(2_000);
    expect(world.started('heartbeat')).toBe(3);
    expect(world.running('heartbeat')).toBe(1);
  });

  it('beats at once after the laptop slept, one beat and no more', async () => {
    const world = await onlineWorkspace();
    await world.advance(5_000);
    world.send({ type: 'clock.jumped' });
    expect(world.running('heartbeat')).toBe(1);
    world.send({ type: 'clock.jumped' });
    expect(world.running('heartbeat')).toBe(1);
  });
});
