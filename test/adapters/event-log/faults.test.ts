import { describe, expect, it } from 'vitest';
import { createDisk } from '../../../adapters/disk/disk.ts';
import { openEventLog } from '../../../adapters/event-log/event-log.ts';
import type { DomainEvent, StoredEvent } from '../../../src/domain/events.ts';
import { fold } from '../../../src/domain/inbox/inbox-evolve.ts';
import { stateToJson } from '../../../src/domain/inbox/state-json.ts';
import type { EventLog } from '../../../src/domain/ports/storage.ts';
import { type DiskStep, type Fate, faultyFileSystem } from '../../support/faulty-file-system.ts';
import { numbered, popped, received } from '../../support/log-events.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

const BATCHES: readonly (readonly DomainEvent[])[] = [
  [...received(1), ...received(2)],
  [popped(1), ...received(3)],
  received(4),
  [popped(2), popped(3)],
];

/** What was promised so far, and what was tried, in the order of the log. */
interface Course {
  readonly promised: StoredEvent[];
  readonly tried: StoredEvent[];
}

/** When the log is compacted: between two appends, or while further ones are made. */
type Compaction = 'between' | 'beside';

/** A day in a log's life: appends with snapshots and a compaction. `attempt` says what becomes of a failure. */
async function live(
  log: EventLog,
  compaction: Compaction,
  course: Course,
  attempt: (act: () => Promise<void>) => Promise<void>,
) {
  const { promised, tried } = course;
  let compacting: Promise<void> | null = null;
  await attempt(async () => void (await log.load()));
  for (const [index, batch] of BATCHES.entries()) {
    const events = numbered(promised.length, batch);
    tried.splice(promised.length, Number.POSITIVE_INFINITY, ...events);
    await attempt(() => log.append(events));
    promised.push(...events);
    if (index === 1 && compaction === 'beside') compacting = log.compact(fold(promised)).catch(() => {});
    else if (index === 1) await attempt(() => log.compact(fold(promised)));
    else await attempt(() => log.saveSnapshot(fold(promised)));
  }
  await compacting;
  await log.close();
}

function logOver(folder: string, decide: (step: DiskStep) => Fate) {
  const faulty = faultyFileSystem(decide);
  const logger = recordingLogger();
  return { ...faulty, log: openEventLog({ folder, disk: createDisk({ logger, fs: faulty.fs }), logger }) };
}

async function readBack(folder: string) {
  const logger = recordingLogger();
  const log = openEventLog({ folder, disk: createDisk({ logger }), logger });
  const { state, tail } = await log.load();
  await log.close();
  return stateToJson(fold(tail, state));
}

/** The steps of a life without faults: each of them is then made to fail. */
async function stepsOfALife(compaction: Compaction = 'between'): Promise<readonly DiskStep[]> {
  const { log, steps } = logOver(createTempFolder(), () => 'done');
  await live(log, compaction, { promised: [], tried: [] }, (act) => act());
  return steps;
}

/** Only a write can be half done. */
function fatesOf(call: DiskStep['call'], code: string): readonly Fate[] {
  return call === 'write' ? [{ refuse: code }, { cut: code }] : [{ refuse: code }];
}

describe('a log whose disk fails', () => {
  it.each([
    ['ENOSPC', 'between'],
    ['EIO', 'between'],
    ['ENOSPC', 'beside'],
  ] as const)(
    'loses nothing and repeats nothing when any one step is refused with %s, compacted %s appends',
    async (code, compaction) => {
      const steps = await stepsOfALife(compaction);
      expect(new Set(steps.map((step) => step.call))).toEqual(
        new Set(['create', 'write', 'datasync', 'rename', 'syncFolder', 'unlink']),
      );
      for (const { number, call } of steps) {
        for (const fate of fatesOf(call, code)) {
          const folder = createTempFolder();
          const course: Course = { promised: [], tried: [] };
          const { log } = logOver(folder, (step) => (step.number === number ? fate : 'done'));
          let failures = 0;
          await live(log, compaction, course, async (act) => {
            try {
              await act();
            } catch {
              failures += 1;
              // As the ledger does: back to what is durable, which is what was promised, no more and no less.
              const { state, tail } = await log.load();
              expect(stateToJson(fold(tail, state))).toEqual(stateToJson(fold(course.promised)));
              await act();
            }
          });
          expect(failures).toBeLessThanOrEqual(1);
          expect(await readBack(folder)).toEqual(stateToJson(fold(course.promised)));
        }
      }
    },
  );

  it.each([
    ['power is cut', 'between'],
    ['process is killed', 'between'],
    ['power is cut', 'beside'],
  ] as const)(
    'holds all that was promised when the %s at any step, compacted %s appends',
    async (how, compaction) => {
      for (const { number, call } of await stepsOfALife(compaction)) {
        for (const fate of fatesOf(call, 'EIO')) {
          const folder = createTempFolder();
          const course: Course = { promised: [], tried: [] };
          const { log, loseUnsynced } = logOver(folder, (step) => {
            if (step.number < number) return 'done';
            return step.number === number ? fate : { refuse: 'EIO' };
          });
          await live(log, compaction, course, (act) => act()).catch(() => log.close());
          if (how === 'power is cut') await loseUnsynced();

          const found = await readBack(folder);
          expect(found.seq).toBeGreaterThanOrEqual(course.promised.length);
          expect(found).toEqual(stateToJson(fold(course.tried.slice(0, found.seq))));
        }
      }
    },
  );

  it('goes on reading when the disk has become read-only, and appends again once it has not', async () => {
    const folder = createTempFolder();
    let readOnly = false;
    const { log } = logOver(folder, (step) =>
      readOnly && step.call !== 'create' ? { cut: 'EROFS' } : 'done',
    );
    await log.load();
    await log.append(numbered(0, received(1)));
    readOnly = true;
    for (let i = 0; i < 3; i += 1) {
      await expect(log.append(numbered(2, received(2)))).rejects.toMatchObject({ kind: 'read-only' });
      expect((await log.load()).tail).toEqual(numbered(0, received(1)));
    }
    readOnly = false;
    await log.append(numbered(2, received(2)));
    await log.close();
    expect(await readBack(folder)).toEqual(stateToJson(fold(numbered(0, [...received(1), ...received(2)]))));
  });

  it('makes every promise in the order that lasts: write, flush; and for a new file rename, flush the folder', async () => {
    const calls = (await stepsOfALife()).map((step) => step.call).filter((call) => call !== 'unlink');
    const lasting = /^(create (write )+datasync rename syncFolder |(write )+datasync |syncFolder )+$/;
    expect(`${calls.join(' ')} `).toMatch(lasting);
  });
});
