// How long a ledger takes to open after 100,000 messages that came and went, with and without its snapshot and compacted;
// and how long writing either holds the event loop. `node scripts/bench.mjs start-up [messages]`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDisk } from '../adapters/disk/disk.ts';
import { openEventLog } from '../adapters/event-log/event-log.ts';
import { classifyRow } from '../src/domain/classify.ts';
import { type Ledger, openLedger } from '../src/ledger/ledger.ts';
import { maintainLog } from '../src/ledger/maintain-log.ts';
import { chatRow, idOf, OWN } from '../test/support/rows.ts';

const messages = Number(process.argv[2] ?? 100_000);
const waiting = 1_000;
const folder = mkdtempSync(join(tmpdir(), 'molecule-inbox-bench-'));
const logger = { info() {}, warn: console.error, error: console.error };
const disk = createDisk({ logger });
const openLog = () => openEventLog({ folder, disk, logger });

const log = openLog();
const maintain = maintainLog({ clock: Date.now, logger, keepPoppedMs: 24 * 3600 * 1000 });
const ledger = await openLedger({ log, clock: Date.now, maintain });
for (let first = 0; first < messages; first += 500) await live(ledger, first);
report('a log of', { messages, bytes: log.sizeBytes, remembered: ledger.state.seen.size });
report('writing the snapshot', await held(() => log.saveSnapshot(ledger.state)));
await ledger.close();
await measure('opening with the snapshot');
rmSync(join(folder, 'snapshot.json'));
await measure('opening without the snapshot');

const compacting = openLog();
const again = await openLedger({ log: compacting, clock: Date.now });
report('compacting', await held(() => compacting.compact(again.state)));
await again.close();
rmSync(join(folder, 'snapshot.json'), { force: true });
await measure('opening the compacted log');
rmSync(folder, { recursive: true });

/** A page arrives, is released, and all but the very last messages are popped; the floor follows as it does in life. */
async function live(ledger: Ledger, first: number): Promise<void> {
  const numbers = Array.from({ length: 500 }, (_, index) => first + index);
  const rows = numbers.map((number) => classifyRow(chatRow(number, `message ${number} `.repeat(10)), OWN));
  const microsOf = (number: number) => Date.parse(String(chatRow(number, '').created_at)) * 1000;
  const opened = { floorMicros: microsOf(0), cursor: null, origin: 'backlog' } as const;
  const advanced = {
    floorMicros: microsOf(Math.max(0, first - 600)),
    cursor: { id: idOf(first), atMicros: microsOf(first) },
  };
  await ledger.commit({ type: 'takeRows', opened, rows, advanced });
  await Promise.all(
    numbers.map((number) =>
      ledger.commit({ type: 'releaseMessage', activityId: idOf(number), outcomes: [] }),
    ),
  );
  const popped = numbers.filter((number) => number < messages - waiting);
  await Promise.all(
    popped.map((number) => ledger.commit({ type: 'popMessage', activityId: idOf(number), by: 'pop' })),
  );
}

async function measure(what: string): Promise<void> {
  const log = openLog();
  const startedAt = performance.now();
  const opened = await openLedger({ log, clock: Date.now });
  const ms = Math.round(performance.now() - startedAt);
  report(what, { ms, waiting: opened.state.inbox.size });
  await log.close();
}

/** How long some work took, and the longest time for which it let nothing else run. */
async function held(work: () => Promise<unknown>): Promise<{ ms: number; longestHoldMs: number }> {
  let longestHoldMs = 0;
  let last = performance.now();
  const look = () => {
    longestHoldMs = Math.max(longestHoldMs, performance.now() - last);
    last = performance.now();
    looking = setImmediate(look);
  };
  let looking = setImmediate(look);
  const startedAt = performance.now();
  await work();
  clearImmediate(looking);
  return { ms: Math.round(performance.now() - startedAt), longestHoldMs: Math.round(longestHoldMs) };
}

function report(what: string, facts: object): void {
  console.log(`${what}: ${JSON.stringify(facts)}`);
}
