import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toMicros } from '../../src/domain/time.ts';
import { readRow } from '../../src/domain/wire/row.ts';
import { FeedAgent, NaiveAgent } from '../support/feed-agent.ts';
import { FeedModel, type Generation } from '../support/feed-model.ts';

/** A feed whose rows become readable when the recorded ones did, its clock a minute before the first. */
function recordedFeed(name: string, generation: Generation) {
  const path = (file: string) => new URL(`../fixtures/recordings/${file}`, import.meta.url);
  const visible: Record<string, string> = JSON.parse(readFileSync(path(`${name}.visible.json`), 'utf8'));
  const platform = new FeedModel({ generation, tickMs: 5 });
  const lines = readFileSync(path(`${name}.ndjson`), 'utf8')
    .trim()
    .split('\n')
    .reverse();
  const rows = lines.map((line) => {
    const raw: Record<string, unknown> = JSON.parse(line);
    const reading = readRow(raw);
    if (!reading.ok) throw new Error(`unreadable recording: ${line}`);
    const { id, atMicros } = reading.row;
    return { id, createdMicros: atMicros, visibleMicros: toMicros(visible[id] ?? '') ?? atMicros, raw };
  });
  // The model's order of writing is HEAD's `seq`.
  rows.sort((a, b) => Number(a.raw.seq ?? 0) - Number(b.raw.seq ?? 0));
  for (const row of rows) platform.add(row);
  platform.nowMicros = Math.min(...rows.map(({ createdMicros }) => createdMicros)) - 60_000_000;
  return { platform, ids: rows.map(({ id }) => id).sort() };
}

const RECORDINGS: readonly (readonly [string, Generation])[] = [
  ['activity-races', 'may'],
  ['head/activity-races', 'head'],
  ['head/activity-races-upload', 'head'],
];

describe.each(RECORDINGS)('the recorded races of %s (W-7)', (name, generation) => {
  it.each([1, 20, 250, 1_000])('all arrive, once, when polled every %i ms', (everyMs) => {
    const { platform, ids } = recordedFeed(name, generation);
    const agent = new FeedAgent(platform);
    const end = platform.nowMicros + 65_000_000;
    agent.poll();
    platform.wait(59_000);
    while (platform.nowMicros < end) {
      agent.poll();
      platform.wait(everyMs);
    }
    agent.settle();
    expect([...agent.state.seen.toArrays().ids].sort()).toEqual(ids);
    expect(new Set(agent.taken).size).toBe(agent.taken.length);
  });

  it('lose rows to a cursor on the last row read', () => {
    const { platform, ids } = recordedFeed(name, generation);
    const agent = new NaiveAgent(platform, 500);
    const end = platform.nowMicros + 65_000_000;
    agent.poll();
    platform.wait(59_000);
    while (platform.nowMicros < end) {
      agent.poll();
      platform.wait(20);
    }
    agent.settle();
    expect(agent.taken.length).toBeLessThan(ids.length);
  });
});
