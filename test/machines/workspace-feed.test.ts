import { describe, expect, it } from 'vitest';
import { StorageError } from '../../src/domain/ports/storage.ts';
import { nothingNew, onlineWorkspace, refusal, scriptWorkspace } from './support/scripted-workspace.ts';

const feedIs = (state: unknown) => ({ online: { feed: state } });
const diskFull = new StorageError('full', 'the disk is full: make room');

describe('polling', () => {
  it('polls at once and then 5 s after the last poll has ended, never two at a time', async () => {
    const world = await onlineWorkspace();
    await world.advance(10_000);
    expect(world.started('readFeed')).toBe(1);
    await world.succeed('readFeed', nothingNew);
    await world.advance(4_750);
    expect(world.started('readFeed')).toBe(1);
    await world.advance(250);
    expect(world.started('readFeed')).toBe(2);
  });

  it('remembers when it last polled, and what was wrong last', async () => {
    const world = await onlineWorkspace();
    await world.advance(3_000);
    await world.succeed('readFeed', nothingNew);
    expect(world.phase()).toMatchObject({
      phase: 'online',
      lastPollAt: '2026-05-01T00:00:03.000Z',
      lastError: null,
    });
    await world.advance(5_000);
    await world.fail('readFeed', 'malformed');
    expect(world.phase()).toMatchObject({
      phase: 'online, feed backing off',
      online: true,
      lastError: 'the platform said malformed',
    });
  });

  it('backs off with growing, jittered gaps, tells once, and is reset by a success (W-28)', async () => {
    const world = await onlineWorkspace();
    await world.answer('heartbeat', () => undefined);
    const gaps: number[] = [];
    for (const kind of [
      'unavailable',
      'unavailable',
      'timed-out',
      'timed-out',
      'malformed',
      'no-such-route',
    ] as const) {
      await world.fail('readFeed', kind);
      expect(world.value()).toMatchObject(feedIs({ reading: 'backingOff' }));
      gaps.push(await world.timeUntil('readFeed'));
    }
    expect(gaps).toEqual([1_500, 3_000, 6_000, 12_000, 24_000, 45_000]);
    expect(world.notices).toHaveLength(4);
    await world.succeed('readFeed', nothingNew);
    await world.timeUntil('readFeed');
    await world.fail('readFeed', 'unavailable');
    expect(await world.timeUntil('readFeed')).toBe(1_500);
  });

  it('leaves no request before what Retry-After asked for (W-28)', async () => {
    const world = await onlineWorkspace();
    await world.fail('readFeed', refusal('rate-limited', 30_000));
    world.send({ type: 'feed.wake' });
    world.send({ type: 'clock.jumped' });
    expect(await world.timeUntil('readFeed')).toBeGreaterThanOrEqual(30_000);
  });

  it('gives a poll up that never ends', async () => {
    const world = await onlineWorkspace();
    await world.answer('heartbeat', () => undefined);
    await world.advance(300_000);
    expect(world.value()).toMatchObject(feedIs({ reading: 'backingOff' }));
    expect(world.running('readFeed')).toBe(0);
    expect(await world.timeUntil('readFeed')).toBe(1_500);
  });

  it('takes up a poll afresh after the laptop slept', async () => {
    const world = await onlineWorkspace();
    world.send({ type: 'clock.jumped' });
    expect([world.started('readFeed'), world.running('readFeed')]).toEqual([2, 1]);
    await world.succeed('readFeed', nothingNew);
    await world.advance(1_000);
    world.send({ type: 'clock.jumped' });
    expect([world.started('readFeed'), world.running('readFeed')]).toEqual([3, 1]);
  });

  it('is left out, with its stream, when the inbox is disabled', async () => {
    const world = await onlineWorkspace({ feedEnabled: false });
    await world.answer('heartbeat', () => undefined);
    await world.advance(120_000);
    expect(new Set(world.asked)).toEqual(new Set(['acquireDelivery', 'register', 'heartbeat']));
  });
});

describe('410 recovery', () => {
  it('drops the cursor, walks back, says both, and polls on', async () => {
    const world = await onlineWorkspace();
    await world.fail('readFeed', 'cursor-gone');
    expect(world.value()).toMatchObject(feedIs({ reading: 'recovering' }));
    expect(world.asked.at(-1)).toBe('recover');
    expect(world.facts.at(-1)).toEqual({ type: 'feed.cursorExpired', data: {} });
    await world.succeed('readFeed', { rows: 7, sinceMicros: 1_777_000_000_000_000 });
    expect(world.facts.at(-1)).toEqual({
      type: 'feed.recovered',
      data: { rows: 7, sinceMicros: 1_777_000_000_000_000 },
    });
    expect(world.value()).toMatchObject(feedIs({ reading: 'resting' }));
    await world.advance(5_000);
    expect(world.asked.at(-1)).toBe('poll');
    expect(world.phase().lastError).toBe(null);
  });

  it('tries the recovery again, not a poll, until it has succeeded once', async () => {
    const world = await onlineWorkspace();
    await world.fail('readFeed', 'cursor-gone');
    for (const kind of ['unavailable', 'cursor-gone', 'timed-out'] as const) {
      await world.fail('readFeed', kind);
      expect(world.value()).toMatchObject(feedIs({ reading: 'backingOff' }));
      await world.timeUntil('readFeed');
      expect(world.asked.at(-1)).toBe('recover');
    }
    expect(world.facts.filter(({ type }) => type === 'feed.cursorExpired')).toHaveLength(1);
    await world.succeed('readFeed', { rows: 0, sinceMicros: 0 });
    expect(world.facts.filter(({ type }) => type === 'feed.recovered')).toHaveLength(1);
    await world.timeUntil('readFeed');
    expect(world.asked.at(-1)).toBe('poll');
  });

  it('takes an interrupted recovery up as a recovery, be it by a full inbox or by a lost delivery', async () => {
    const world = await onlineWorkspace();
    await world.fail('readFeed', 'cursor-gone');
    world.send({ type: 'inbox.filled' });
    world.send({ type: 'inbox.drained' });
    expect(world.asked.at(-1)).toBe('recover');
    world.send({ type: 'delivery.lost' });
    await world.answer('register', () => ({ deliveryMode: 'poll' }));
    await world.succeed('acquireDelivery');
    expect(world.asked.filter((said) => said === 'poll' || said === 'recover').at(-1)).toBe('recover');
  });
});

describe('pausing', () => {
  it('asks for nothing while the inbox is full, beats on, and polls at once when it has room', async () => {
    const world = await onlineWorkspace();
    await world.answer('heartbeat', () => undefined);
    world.send({ type: 'inbox.filled' });
    expect(world.value()).toMatchObject(feedIs({ paused: 'whileFull' }));
    expect(world.running('readFeed')).toBe(0);
    await world.advance(600_000);
    world.signal({ type: 'feed.wake' });
    expect(world.started('readFeed')).toBe(1);
    expect(world.started('heartbeat')).toBe(31);
    expect(world.phase().phase).toBe('online, paused: the inbox is full');
    world.send({ type: 'inbox.drained' });
    expect(world.started('readFeed')).toBe(2);
  });

  it('knows of an inbox that was full before it went online', async () => {
    const world = scriptWorkspace();
    world.send({ type: 'inbox.filled' });
    await world.succeed('acquireDelivery');
    await world.succeed('register', { deliveryMode: 'poll' });
    expect(world.value()).toMatchObject(feedIs({ paused: 'whileFull' }));
    expect(world.started('readFeed')).toBe(0);
  });

  it('pauses when the log cannot be written, beats on, and finds out by itself that it can again', async () => {
    const world = await onlineWorkspace();
    await world.answer('heartbeat', () => undefined);
    for (let failed = 1; failed <= 5; failed += 1) {
      await world.fail('readFeed', diskFull);
      expect(world.value()).toMatchObject(feedIs({ paused: 'whileFailing' }));
      expect(await world.timeUntil('readFeed')).toBeGreaterThanOrEqual(5_000);
    }
    expect(world.phase().lastError).toBe('the disk is full: make room');
    expect(world.notices).toHaveLength(1);
    await world.succeed('readFeed', nothingNew);
    expect(world.notices.map(({ text }) => text)).toEqual([
      'reading the feed fails: the disk is full: make room; trying again with growing pauses',
      'reading the feed works again after 5 failed tries',
    ]);
    expect(world.started('heartbeat')).toBeGreaterThan(1);
  });

  it('goes on at once when it is told that storage works again, but not into a full inbox', async () => {
    const world = await onlineWorkspace();
    world.send({ type: 'storage.failed' });
    expect(world.value()).toMatchObject(feedIs({ paused: 'whileFailing' }));
    world.send({ type: 'inbox.filled' });
    world.send({ type: 'storage.healed' });
    expect(world.value()).toMatchObject(feedIs({ paused: 'whileFull' }));
    expect(world.running('readFeed')).toBe(0);
    world.send({ type: 'storage.failed' });
    world.send({ type: 'inbox.drained' });
    expect(world.value()).toMatchObject(feedIs({ paused: 'whileFailing' }));
    world.send({ type: 'storage.healed' });
    expect(world.running('readFeed')).toBe(1);
  });
});
