// 24 h of mixed traffic, compressed: a million events. This process is the platform, whose clock is put forward; the
// bridge, its host and the agent, who pops, are a child, which says its heap after a collection at the end of each hour.
import { setImmediate as turn } from 'node:timers/promises';
import { BehaviorSubject, filter, firstValueFrom, mergeMap } from 'rxjs';
import { realPace } from '../src/bridge/pacing/pace.ts';
import { type LocalPlatform, startLocalPlatform } from '../src/local-platform/local-platform.ts';
import type { RowDraft } from '../src/local-platform/rules/activity-row.ts';
import { type Offered, openBridge } from './bridge.ts';
import { draftOf } from './draft.ts';
import { type End, forkSelf, parentEnd } from './ends.ts';
import type { Row } from './row.ts';

const EVENTS = Number(process.env.MOLECULE_BENCH_DAY_EVENTS ?? 1_000_000);
const HOURS = 24;
/** How many rows are written at once, as virtual time stands still. */
const ROWS_A_STEP = 500;
const PEERS = 20;
/** How many messages the agent pops beside each other. */
const AT_ONCE = 200;

/** What the child is told: virtual time has passed, and so many messages have come since the beginning. */
interface Step {
  readonly passedMs: number;
  readonly messages: number;
}

/** What the child says when all of them are popped. */
interface Hour {
  readonly events: number;
  readonly heapMib: number;
  readonly residentMib: number;
}

async function runBridge(parent: End): Promise<void> {
  let aheadMs = 0;
  const steadyMs = () => performance.now() + aheadMs;
  const bridge = await openBridge(await parent.next<Offered>(), () => ({}), { ...realPace, steadyMs });
  let events = 0;
  const popped = new BehaviorSubject(0);
  bridge.events$.subscribe(({ event }) => {
    events += 1;
    if (event.type === 'message.popped') popped.next(popped.value + 1);
  });
  bridge.messages$.pipe(mergeMap(({ activity_id: id }) => bridge.inbox.pop(id, 'pop'), AT_ONCE)).subscribe();
  bridge.offerTo({ initialized: Promise.resolve(), push: async () => {}, inboxChanged() {} });
  await bridge.start();
  for (;;) {
    const step = await parent.next<Step>();
    aheadMs += step.passedMs;
    await firstValueFrom(popped.pipe(filter((count) => count >= step.messages)));
    // What one collection lets go of (weak references, finished code) only the next ones free, in a turn of their own.
    for (let round = 0; round < 4; round += 1) {
      globalThis.gc?.();
      await turn();
    }
    const { heapUsed, rss } = process.memoryUsage();
    const hour: Hour = { events, heapMib: heapUsed / MEBI, residentMib: rss / MEBI };
    parent.send(hour);
  }
}

async function measure(): Promise<Row> {
  const platform = await startLocalPlatform({ rateLimit: 1_000_000_000 });
  const { id: workspaceId, token } = platform.createWorkspace({ name: 'bench' });
  const bridge = forkSelf('bridge', ['--expose-gc']);
  bridge.send({ url: platform.url, workspaceId, token } satisfies Offered);
  await platform.requests.answered(1, 'GET /workspaces/:id/events/stream', 60_000);
  const beganMs = performance.now();
  const hours: Hour[] = [];
  let messages = 0;
  for (let hour = 1; hour <= HOURS; hour += 1) {
    let last: Hour | undefined;
    // Whole ones: the platform writes its times from them.
    const passedMs = Math.round(3600_000 / Math.ceil(EVENTS / HOURS / (3 * ROWS_A_STEP)));
    do {
      platform.clock.shiftBy(passedMs);
      messages += await writeStep(platform, workspaceId);
      bridge.send({ passedMs, messages } satisfies Step);
      last = await bridge.next<Hour>();
    } while (last.events < (EVENTS / HOURS) * hour);
    hours.push(last);
    console.error(`  hour ${hour}: ${last.events} events, ${last.heapMib.toFixed(1)} MiB`);
  }
  const tookMs = performance.now() - beganMs;
  await bridge.stop();
  await platform.close();
  const [first, last] = [hours[0], hours.at(-1)];
  if (!first || !last) throw new Error('a day has hours');
  const grown = Math.max(...hours.slice(-6).map(({ heapMib }) => heapMib)) - first.heapMib;
  return {
    what: '24 h of mixed traffic, compressed: heap after gc',
    measured: `${last.events} events in ${(tookMs / 1000).toFixed(0)} s; ${hours.map(({ heapMib }) => heapMib.toFixed(1)).join(', ')} MiB; ${last.residentMib.toFixed(0)} MiB resident`,
    floor: `after the first hour: ${first.heapMib.toFixed(1)} MiB`,
    ratio: last.heapMib / first.heapMib,
    budget: 'no growth after the first hour (≤ 2 MiB)',
    within: last.events >= EVENTS && grown <= 2,
  };
}

let written = 0;

/** Writes the next rows; resolves with how many of them are messages to the agent. */
async function writeStep(platform: LocalPlatform, workspaceId: string): Promise<number> {
  let messages = 0;
  for (let row = 0; row < ROWS_A_STEP; row += 1) {
    written += 1;
    const { draft, isMessage } = mixed(written, workspaceId);
    if (isMessage) messages += 1;
    // The last one wakes the bridge.
    await platform.writeRow(workspaceId, draft, { quietly: row < ROWS_A_STEP - 1 });
  }
  return messages;
}

/** Of ten rows six are the user's, two a peer's, one this agent's own words, one a report. */
function mixed(number: number, workspaceId: string): { draft: RowDraft; isMessage: boolean } {
  const said = draftOf(`message ${number}: ${'words '.repeat(number % 40)}`);
  const kind = number % 10;
  if (kind === 7) {
    const sourceId = `bbbbbbbb-0000-4000-8000-${String(number % PEERS).padStart(12, '0')}`;
    return { draft: { ...said, sourceId }, isMessage: true };
  }
  if (kind === 8)
    return {
      draft: { activityType: 'a2a_receive', method: 'notify', status: 'ok', summary: 'own words' },
      isMessage: false,
    };
  if (kind === 9)
    return {
      draft: {
        activityType: 'agent_log',
        method: 'progress',
        status: 'ok',
        sourceId: workspaceId,
        summary: 'at work',
      },
      isMessage: false,
    };
  return { draft: said, isMessage: true };
}

const MEBI = 1024 * 1024;

if (process.argv[2] === 'bridge') await runBridge(parentEnd());
else {
  console.log(JSON.stringify([await measure()]));
  process.exit(0);
}
