import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { StoredEvent } from '../../src/domain/events.ts';
import { digestOf, inboxOf } from '../../src/replay/digest.ts';
import { play } from '../../src/replay/play.ts';
import { readSource } from '../../src/replay/read-source.ts';
import { reportRun } from '../../src/replay/report.ts';
import type { Run } from '../../src/replay/run.ts';

const FOLDER = 'test/fixtures/recordings';
const RECORDINGS = ['', 'head/'].flatMap((generation) =>
  readdirSync(`${FOLDER}/${generation}`)
    .filter((name) => /^activity-.*\.ndjson$/.test(name))
    .map((name) => `${generation}${name}`),
);

async function replay(name: string): Promise<Run[]> {
  const runs: Run[] = [];
  for (const source of await readSource(`${FOLDER}/${name}`)) runs.push(await play(source));
  return runs;
}

function tell(name: string, runs: readonly Run[]): string {
  return runs
    .map((run) => reportRun(name, run))
    .map(({ title, timeline, ending }) =>
      [title, ...timeline.map(({ text }) => text), ...ending, ''].join('\n'),
    )
    .join('\n');
}

describe('a replay of recorded activity rows', () => {
  it('knows the recordings of both generations', () => {
    expect(RECORDINGS.length).toBe(23);
  });

  describe.each(RECORDINGS)('%s', (name) => {
    it('comes to the timeline, the inbox and the digest that were looked at', async () => {
      // After a change that is meant to show here: `npx vitest run test/replay -u`, and read the difference.
      await expect(tell(name, await replay(name))).toMatchFileSnapshot(
        `../fixtures/timelines/${name.replace('.ndjson', '.txt')}`,
      );
    });

    it('is the same, byte for byte, 20 times', async () => {
      // All at the same time: what runs beside one must not matter either.
      const runs = await Promise.all(Array.from({ length: 20 }, () => replay(name)));
      expect(new Set(runs.map((run) => run.map(digestOf).join(' '))).size).toBe(1);
    });

    it('takes every row once, holds nothing back and delivers what is for the agent', async () => {
      for (const source of await readSource(`${FOLDER}/${name}`)) {
        if (source.kind !== 'rows') throw new Error('not rows');
        const run = await play(source);
        const served = run.frames.filter(({ type }) => type === 'row.served');
        expect(served).toHaveLength(source.script.rows.length);
        const received = eventsOf(run).flatMap((event) =>
          event.type === 'message.received' ? [event.data.message.activity_id] : [],
        );
        expect(new Set(received).size).toBe(received.length);
        expect(inboxOf(run).map(({ activity_id }) => activity_id)).toEqual(received);
        expect(run.state.held.size).toBe(0);
      }
    });
  });
});

function eventsOf({ frames }: Run): StoredEvent[] {
  return frames.flatMap((frame) => (frame.type === 'event.appended' ? [frame.data.event] : []));
}
