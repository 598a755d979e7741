import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDisk } from '../../adapters/disk/disk.ts';
import { openEventLog } from '../../adapters/event-log/event-log.ts';
import type { EventLog } from '../../src/domain/ports/storage.ts';
import { classifyRow } from '../../src/domain/wire/classify.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { type MaintenanceRules, maintainLog } from '../../src/ledger/maintain-log.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { chatRow, idOf, OWN } from '../support/rows.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const DAY_MS = 24 * 3600 * 1000;

/** A ledger that believes to live `laterMs` from now. */
async function open(
  folder: string,
  laterMs = 0,
  { rules = {}, over = {} }: { rules?: Partial<MaintenanceRules>; over?: Partial<EventLog> } = {},
) {
  const logger = recordingLogger();
  const clock = () => Date.now() + laterMs;
  const real = openEventLog({ folder, disk: createDisk({ logger }), logger });
  // Not a copy: its size and age change.
  const log: EventLog = Object.setPrototypeOf({ ...over }, real);
  const maintain = maintainLog({ clock, logger, keepPoppedMs: DAY_MS, ...rules });
  const ledger = await openLedger({ log, clock, maintain });
  const arrive = async (number: number) => {
    const rows = [classifyRow(chatRow(number, `words ${number}`), OWN)];
    await ledger.commit({ type: 'takeRows', opened: null, rows, advanced: null });
    await ledger.commit({ type: 'releaseMessage', activityId: idOf(number), outcomes: [] });
  };
  const pop = (number: number) => ledger.commit({ type: 'popMessage', activityId: idOf(number), by: 'pop' });
  return { ledger, logger, arrive, pop };
}

const onDisk = async (folder: string) => {
  const names = ['events.jsonl', 'snapshot.json'];
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
  return texts.join('\n');
};

describe('a popped message on disk', () => {
  it('is gone a day later, though every process lived for less, and its id stays', async () => {
    const folder = createTempFolder('maintain');
    const first = await open(folder);
    await first.arrive(1);
    await first.arrive(2);
    await first.pop(1);
    await first.ledger.close();

    const second = await open(folder, DAY_MS / 2);
    await second.arrive(3);
    await second.ledger.close();
    expect(await onDisk(folder)).toContain('words 1');

    const third = await open(folder, DAY_MS);
    await third.arrive(4);
    await third.ledger.close();
    const text = await onDisk(folder);
    expect(text).not.toContain('words 1');
    expect(text).toContain('words 2');

    const fourth = await open(folder, DAY_MS);
    expect([...fourth.ledger.state.inbox.keys()]).toEqual([2, 3, 4].map((number) => idOf(number)));
    await fourth.arrive(1);
    expect(fourth.ledger.state.inbox.size).toBe(3);
    await fourth.ledger.close();
  });

  it('goes earlier when much was popped and the log is large', async () => {
    const folder = createTempFolder('maintain');
    const { ledger, arrive, pop } = await open(folder, 0, { rules: { compactAboveBytes: 10_000 } });
    const numbers = Array.from({ length: 1_100 }, (_, number) => number);
    await Promise.all(numbers.map(arrive));
    await Promise.all(numbers.map(pop));
    await ledger.close();
    expect(await onDisk(folder)).not.toContain('words 1 ');
    expect((await onDisk(folder)).length).toBeLessThan(300_000);
  });

  it('stays, and is said once, while the log cannot be compacted', async () => {
    const folder = createTempFolder('maintain');
    const refuse = async () => {
      throw new Error('no room');
    };
    const { ledger, logger, arrive, pop } = await open(folder, 2 * DAY_MS, { over: { compact: refuse } });
    for (const number of [1, 2, 3]) {
      await arrive(number);
      await pop(number);
    }
    await ledger.close();
    expect(logger.lines.filter((line) => line.includes('no room'))).toHaveLength(1);
    expect(ledger.state.counts.popped).toBe(3);
  });
});
