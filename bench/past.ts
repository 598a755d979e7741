import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDisk } from '../adapters/disk/disk.ts';
import { openEventLog } from '../adapters/event-log/event-log.ts';
import { resolveStateDirectory } from '../adapters/state-directory/resolve.ts';
import { classifyRow } from '../src/domain/wire/classify.ts';
import { type Ledger, openLedger } from '../src/ledger/ledger.ts';
import { maintainLog } from '../src/ledger/maintain-log.ts';
import { startLocalPlatform } from '../src/local-platform/local-platform.ts';
import { draftOf } from './draft.ts';
import { type Member, startProgram } from './program.ts';
import { median, type Row } from './row.ts';

const MESSAGES = 100_000;
const WAITING = 100;
const PAGE = 500;
const ROUNDS = 7;
const SNAPSHOT = 'snapshot.json';
const POLL = 'GET /workspaces/:id/activity';

/** From spawn until the first poll leaves, after many messages that came and went, next to a log of none. */
export async function measurePast(): Promise<readonly Row[]> {
  const platform = await startLocalPlatform({ rateLimit: 1_000_000_000 });
  const member = platform.createWorkspace({ name: 'bench' });
  const [empty, full] = [await pastOf(0, member, platform.url), await pastOf(MESSAGES, member, platform.url)];

  async function start({ home }: Past): Promise<number> {
    const polled = platform.requests.next(POLL, 60_000);
    const beganMs = performance.now();
    const program = await startProgram({ url: platform.url, members: [member], home });
    await polled;
    const tookMs = performance.now() - beganMs;
    await program.stop();
    return tookMs;
  }

  const times = { empty: [] as number[], snapshot: [] as number[], without: [] as number[] };
  // As the ledger left it: a start that does without may not have written another by its end.
  const kept = readFileSync(join(full.folder, SNAPSHOT));
  await start(empty);
  for (let round = 0; round < ROUNDS; round += 1) {
    times.empty.push(await start(empty));
    writeFileSync(join(full.folder, SNAPSHOT), kept, { mode: 0o600 });
    times.snapshot.push(await start(full));
    rmSync(join(full.folder, SNAPSHOT), { force: true });
    times.without.push(await start(full));
  }
  await platform.close();
  rmSync(empty.home, { recursive: true });
  rmSync(full.home, { recursive: true });

  const floorMs = median(times.empty);
  const row = (what: string, tookMs: number, budget: string): Row => ({
    what: `start with 100,000 past messages, until the first poll leaves, ${what}, median of ${ROUNDS}`,
    measured: `${tookMs.toFixed(0)} ms`,
    floor: `an empty start: ${floorMs.toFixed(0)} ms`,
    ratio: tookMs / floorMs,
    budget,
    within: tookMs <= 1.3 * floorMs,
  });
  return [
    row('with the snapshot', median(times.snapshot), '≤ 1.3 ×'),
    row('without it', median(times.without), ''),
  ];
}

/** A state folder in which a workspace has a past. */
interface Past {
  readonly home: string;
  /** The workspace's own. */
  readonly folder: string;
}

/** Lets that many messages arrive and be popped, all but the last ones, by the ledger itself. */
async function pastOf(messages: number, { id }: Member, platformUrl: string): Promise<Past> {
  const home = mkdtempSync(join(tmpdir(), 'molecule-inbox-bench-past-'));
  const logger = { info() {}, warn: console.error, error: console.error };
  const disk = createDisk({ logger });
  const directory = await resolveStateDirectory({ configsDir: home, home, disk, logger });
  const folder = await directory.workspaceFolder({ id, platformUrl });
  const ledger = await openLedger({
    log: openEventLog({ folder, disk, logger }),
    clock: Date.now,
    maintain: maintainLog({ clock: Date.now, logger, keepPoppedMs: 24 * 3600 * 1000 }),
  });
  const beganMicros = (Date.now() - messages * 1000) * 1000;
  const opened = { floorMicros: beganMicros, cursor: null, origin: 'backlog' } as const;
  await ledger.commit({ type: 'recordFact', fact: { type: 'feed.opened', data: opened } });
  for (let first = 0; first < messages; first += PAGE) {
    await live(ledger, id, first, beganMicros, messages - WAITING);
  }
  await ledger.close();
  return { home, folder };
}

/** A page arrives, is released and popped; the floor follows as it does in life. */
async function live(
  ledger: Ledger,
  id: string,
  first: number,
  beganMicros: number,
  keptFrom: number,
): Promise<void> {
  const microsOf = (number: number) => beganMicros + number * 1_000_000;
  const numbers = Array.from({ length: PAGE }, (_, index) => first + index);
  const rows = numbers.map((number) =>
    classifyRow(
      {
        id: idOf(number),
        workspace_id: id,
        activity_type: 'a2a_receive',
        source_id: null,
        target_id: id,
        method: 'message/send',
        status: 'ok',
        created_at: new Date(microsOf(number) / 1000).toISOString(),
        request_body: draftOf(`message ${number} `.repeat(10)).requestBody,
      },
      id,
    ),
  );
  const advanced = {
    floorMicros: microsOf(Math.max(0, first - 600)),
    cursor: { id: idOf(first), atMicros: microsOf(first) },
  };
  await ledger.commit({ type: 'takeRows', opened: null, rows, advanced });
  await Promise.all(
    numbers.map((number) =>
      ledger.commit({ type: 'releaseMessage', activityId: idOf(number), outcomes: [] }),
    ),
  );
  await Promise.all(
    numbers
      .filter((number) => number < keptFrom)
      .map((number) => ledger.commit({ type: 'popMessage', activityId: idOf(number), by: 'pop' })),
  );
}

function idOf(number: number): string {
  return `cccccccc-0000-4000-8000-${String(number).padStart(12, '0')}`;
}
