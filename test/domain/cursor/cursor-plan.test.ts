import { describe, expect, it } from 'vitest';
import { fromMicros } from '../../../src/domain/time.ts';
import { FeedAgent, NaiveAgent } from '../../support/feed-agent.ts';
import { FeedModel, type ModelRow } from '../../support/feed-model.ts';
import { chatRow, idOf } from '../../support/rows.ts';

const MINUTE = 60_000;

/** A platform with `rows` messages, and an agent that has read them and settled. */
function settled({ rows = 1, pageLimit = 500 } = {}) {
  const platform = new FeedModel();
  for (let written = 0; written < rows; written += 1) platform.write();
  const agent = new FeedAgent(platform, { pageLimit });
  agent.poll();
  agent.settle();
  platform.queries.length = 0;
  return { platform, agent };
}

/** Polls every `everyMs`, `times` times. */
function pollFor(platform: FeedModel, agent: FeedAgent, times: number, everyMs = 5_000): void {
  for (let poll = 0; poll < times; poll += 1) {
    agent.poll();
    platform.wait(everyMs);
  }
}

const ids = (rows: readonly ModelRow[]) => rows.map(({ id }) => id);

describe('the cursor plan', () => {
  it('finds a row of the same microsecond that became readable later (race 1, W-7)', () => {
    const { platform, agent } = settled();
    platform.write();
    agent.poll();
    const tied = platform.written.at(-1);
    if (!tied) throw new Error('nothing was written');
    const raw = chatRow(9, 'tied', { created_at: fromMicros(tied.createdMicros) });
    platform.add({ ...tied, id: idOf(9), visibleMicros: platform.nowMicros + 1, raw });
    pollFor(platform, agent, 3);
    expect(agent.taken.at(-1)).toBe(idOf(9));
  });

  it('reads no row of a tie twice where seq tells them apart, over several pages (§15.4)', () => {
    const platform = new FeedModel({ generation: 'head' });
    const agent = new FeedAgent(platform, { pageLimit: 3 });
    platform.write();
    agent.poll();
    platform.write({ count: 2 });
    platform.write({ count: 8 });
    const before = agent.progress.length;
    agent.poll();
    const served = agent.progress.slice(before).map(({ rows }) => rows);
    expect(served).toEqual([3, 3, 3, 1]);
    expect(agent.taken).toHaveLength(11);
  });

  it('takes a tie that straddles the edge of a page (race 2, W-7)', () => {
    const { platform, agent } = settled({ pageLimit: 3 });
    platform.write();
    platform.write();
    platform.write({ count: 2 });
    platform.write();
    agent.poll();
    expect(new Set(agent.taken)).toEqual(new Set(ids(platform.written)));
  });

  it('finds a row that a younger one overtook within the next beat of the lag (race 3, W-7)', () => {
    const { platform, agent } = settled();
    const naive = new NaiveAgent(platform, 500);
    naive.poll();
    platform.write({ lateMs: 4_000 });
    platform.write();
    for (let poll = 0; poll < 4; poll += 1) {
      naive.poll();
      pollFor(platform, agent, 1);
    }
    expect(agent.taken).toEqual(ids([0, 2, 1].flatMap((number) => platform.written[number] ?? [])));
    expect(naive.taken).not.toContain(platform.written[1]?.id);
  });

  it('finds the rows of a large upload that appear nine minutes late among later messages (race 4)', () => {
    const { platform, agent } = settled();
    platform.write({ count: 2, lateMs: 9 * MINUTE });
    for (let poll = 0; poll < 140; poll += 1) {
      if (poll % 5 === 0) platform.write();
      agent.poll();
      platform.wait(5_000);
    }
    expect(agent.taken).toHaveLength(platform.written.length);
  });

  it('recovers 150 rows of a gap of 20 minutes after a 410, oldest first, none twice (races 6 and 8, W-5, W-6)', () => {
    const { platform, agent } = settled({ rows: 3, pageLimit: 100 });
    for (let row = 0; row < 150; row += 1) {
      platform.write();
      platform.wait(8_000);
    }
    platform.prune(25 * MINUTE);
    agent.poll();
    agent.poll();
    expect(agent.state.feed?.cursor).not.toBeNull();
    expect(agent.taken).toEqual(ids(platform.written));
  });

  it('recovers however long the outage was, as far as the platform still holds rows', () => {
    const { platform, agent } = settled({ rows: 3, pageLimit: 10 });
    for (let row = 0; row < 95; row += 1) {
      platform.write();
      platform.wait(3_600_000);
    }
    platform.prune(60 * 3_600_000);
    const gone = ids(platform.written.slice(3)).filter((id) => !ids(platform.stillHeld).includes(id));
    agent.poll();
    agent.poll();
    expect(agent.taken).toEqual(ids(platform.written).filter((id) => !gone.includes(id)));
  });

  it('walks down from the top when a restart finds its cursor pruned and more than a page waiting', () => {
    const { platform, agent } = settled({ rows: 3, pageLimit: 5 });
    platform.wait(60 * MINUTE);
    for (let row = 0; row < 17; row += 1) platform.write();
    platform.prune(30 * MINUTE);
    agent.restart();
    agent.poll();
    expect(agent.taken).toEqual(ids(platform.written));
  });

  it('takes a first backlog of several pages, oldest first, and nothing older than it (race 7)', () => {
    const platform = new FeedModel();
    platform.write({ count: 2 });
    platform.wait(11 * MINUTE);
    for (let row = 0; row < 23; row += 1) platform.write();
    const agent = new FeedAgent(platform, { pageLimit: 4 });
    agent.poll();
    agent.settle();
    expect(agent.taken).toEqual(ids(platform.written.slice(2)));
  });

  it('takes the whole tie at the very floor of a first look, although a page ends in it', () => {
    const platform = new FeedModel({ tickMs: 0 });
    platform.wait(-0.001);
    platform.write({ count: 3 });
    platform.write({ count: 2 });
    platform.wait(10 * MINUTE - 0.001);
    const agent = new FeedAgent(platform, { pageLimit: 4 });
    agent.poll();
    expect(agent.state.feed?.startMicros).toBe(platform.written[0]?.createdMicros);
    expect(agent.taken).toHaveLength(5);
  });

  it('survives a clock of the database that steps back (race 11)', () => {
    const { platform, agent } = settled();
    platform.write();
    pollFor(platform, agent, 4);
    platform.wait(-5 * MINUTE);
    platform.write();
    agent.settle();
    expect(agent.taken).toHaveLength(3);
  });

  it('loses nothing behind rows that a clock far ahead has dated, whether it had begun before them or not', () => {
    for (const begun of [true, false]) {
      const { platform, agent } = settled();
      for (const aheadMs of [60 * MINUTE, 61 * MINUTE]) {
        platform.wait(aheadMs);
        platform.write({ lateMs: -aheadMs });
        platform.wait(-aheadMs);
      }
      const reader = begun ? agent : new FeedAgent(platform);
      for (let minute = 0; minute < 30; minute += 1) {
        platform.write();
        pollFor(platform, reader, 12);
      }
      // The first row is older than a first backlog.
      expect(reader.taken).toEqual(expect.arrayContaining(ids(platform.written).slice(1)));
    }
  });

  it('needs no cursor to know what it has missed: idle first start, then an outage of 11 minutes (W-8)', () => {
    const platform = new FeedModel();
    const agent = new FeedAgent(platform);
    agent.poll();
    platform.write();
    platform.wait(11 * MINUTE);
    agent.restart();
    agent.poll();
    expect(agent.taken).toEqual(ids(platform.written));
  });

  it('asks only for rows whose id is a UUID, whatever the feed holds (W-23)', () => {
    const { platform, agent } = settled();
    for (const id of [null, 7, 'garb', '../../x', '']) {
      const createdMicros = platform.nowMicros;
      const raw = chatRow(0, 'odd', { id, created_at: fromMicros(createdMicros) });
      platform.add({ id: 'odd', createdMicros, visibleMicros: createdMicros, raw });
      platform.wait(1_000);
    }
    platform.write();
    agent.settle();
    expect(agent.taken).toContain(platform.written.at(-1)?.id);
    for (const { sinceId } of platform.queries)
      if (sinceId !== undefined) expect(sinceId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('gets past a page that holds nothing readable', () => {
    const { platform, agent } = settled({ pageLimit: 3 });
    for (let odd = 0; odd < 5; odd += 1) {
      const createdMicros = platform.nowMicros + odd;
      platform.add({ id: 'odd', createdMicros, visibleMicros: createdMicros, raw: { id: null } });
    }
    platform.wait(1_000);
    platform.write();
    agent.settle();
    expect(agent.taken).toHaveLength(2);
  });

  it('does without the server clock', () => {
    const platform = new FeedModel({ tellsTime: false });
    const agent = new FeedAgent(platform, { pageLimit: 4 });
    agent.poll();
    platform.write({ lateMs: 9 * MINUTE });
    for (let row = 0; row < 30; row += 1) {
      platform.write();
      pollFor(platform, agent, 3);
    }
    agent.settle();
    expect(new Set(agent.taken)).toEqual(new Set(ids(platform.written)));
  });
});

describe('the stored cursor', () => {
  it('stays 30 s behind the server and never passes the start of the last completed sweep', () => {
    const { platform, agent } = settled();
    for (let poll = 0; poll < 60; poll += 1) {
      platform.write();
      agent.poll();
      const { cursor } = agent.state.feed ?? {};
      expect(cursor?.atMicros).toBeLessThanOrEqual(platform.nowMicros - 30_000_000);
      expect(cursor?.atMicros).toBeLessThanOrEqual(agent.position.value.sweptMicros ?? 0);
      platform.wait(5_000);
    }
    expect(agent.state.feed?.cursor?.atMicros).toBeGreaterThan(platform.nowMicros - 120_000_000);
  });

  it('has a floor ten minutes below it, so that ids are remembered for a bounded time', () => {
    const { platform, agent } = settled();
    for (let poll = 0; poll < 400; poll += 1) {
      platform.write();
      agent.poll();
      platform.wait(5_000);
    }
    const { cursor, floorMicros } = agent.state.feed ?? {};
    expect(floorMicros).toBe((cursor?.atMicros ?? 0) - 600_000_000);
    expect(agent.state.seen.size).toBeLessThan(150);
  });

  it('does not move while a walk back is under way, and no body is kept of it', () => {
    const { platform, agent } = settled({ rows: 3, pageLimit: 10 });
    for (let row = 0; row < 50; row += 1) {
      platform.write();
      platform.wait(3_600_000);
    }
    platform.prune(40 * 3_600_000);
    agent.poll();
    agent.poll({ page: 4, how: 'unreachable' });
    expect(agent.position.value.walk).not.toBeNull();
    expect(agent.state.feed?.cursor).toBeNull();
    expect(agent.taken).toHaveLength(3);
    agent.poll();
    expect(agent.taken).toEqual([...ids(platform.written).slice(0, 3), ...ids(platform.stillHeld)]);
  });
});

describe('what the plan costs', () => {
  it('an idle feed: one request a poll, and no sweep once nothing can turn up any more', () => {
    const { platform, agent } = settled();
    pollFor(platform, agent, 200);
    expect(platform.queries).toHaveLength(200);
    expect(platform.queries.every(({ sinceId }) => sinceId !== undefined)).toBe(true);
  });

  it('an ordinary feed: one request a poll, the lag at most every 10 s, a sweep at most every minute', () => {
    const { platform, agent } = settled();
    for (let second = 0; second < 600; second += 1) {
      if (second % 20 === 0) platform.write();
      agent.poll();
      platform.wait(1_000 - 40);
    }
    expect(platform.queries).toHaveLength(600);
    const purposes = agent.progress.slice(-600).map(({ purpose }) => purpose);
    const count = (purpose: string) => purposes.filter((each) => each === purpose).length;
    expect(count('sweep')).toBeGreaterThanOrEqual(8);
    expect(count('sweep')).toBeLessThanOrEqual(11);
    expect(count('reread') + count('sweep')).toBeGreaterThanOrEqual(40);
    expect(count('reread') + count('sweep')).toBeLessThanOrEqual(61);
  });

  it('a flood: repairs take at most 30 requests a minute', () => {
    const { platform, agent } = settled({ pageLimit: 20 });
    const before = agent.progress.length;
    const minutes = 5;
    for (let tick = 0; tick < minutes * 120; tick += 1) {
      for (let row = 0; row < 5; row += 1) platform.write();
      agent.poll();
      platform.wait(500);
    }
    const pages = agent.progress.length - before;
    expect(pages - minutes * 120).toBeLessThan(minutes * 60);
  });

  it('a restart before 10,000 waiting rows: two requests more than their pages', () => {
    const { platform, agent } = settled({ rows: 2 });
    for (let row = 0; row < 10_000; row += 1) platform.write();
    platform.queries.length = 0;
    agent.restart();
    agent.poll();
    expect(agent.taken).toHaveLength(10_002);
    expect(platform.queries.length).toBeLessThanOrEqual(10_000 / 500 + 3);
  });

  it('an outage: what came meanwhile is read first, oldest first, before anything is swept', () => {
    const { platform, agent } = settled({ pageLimit: 10 });
    platform.write();
    agent.poll();
    agent.poll({ page: 1, how: 'unreachable' });
    for (let row = 0; row < 95; row += 1) platform.write();
    platform.wait(20 * MINUTE);
    platform.queries.length = 0;
    agent.poll();
    expect(platform.queries.every(({ sinceId }) => sinceId !== undefined)).toBe(true);
    expect(agent.taken).toEqual(ids(platform.written));
  });
});
