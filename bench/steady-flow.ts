import { setTimeout as pause } from 'node:timers/promises';
import { startLocalPlatform } from '../src/local-platform/local-platform.ts';
import { appendPlainly } from './append.ts';
import { draftOf } from './draft.ts';
import { type Program, startProgram, usageOf } from './program.ts';
import { median, quantile, type Row } from './row.ts';

const ROWS_A_SECOND = 1_000;
const SECONDS = 60;
const BATCH = 10;

/** Rows that keep coming, no push window, the agent reading and popping as it goes: from writing to having been read. */
export async function measureSteadyFlow(): Promise<Row> {
  const platform = await startLocalPlatform({ rateLimit: 1_000_000_000 });
  const member = platform.createWorkspace({ name: 'bench' });
  const program = await startProgram({
    url: platform.url,
    members: [member],
    env: { MOLECULE_PUSH_WINDOW: '0' },
  });
  await platform.requests.answered(1, 'GET /workspaces/:id/activity', 60_000);
  const sentAt = new Map<string, number>();
  const took: number[] = [];
  let twice = 0;
  const ending = { atMs: Number.POSITIVE_INFINITY };
  const agent = work(
    program,
    ending,
    () => sentAt.size,
    (text) => {
      const atMs = sentAt.get(text);
      if (atMs === undefined) twice += 1;
      else took.push(performance.now() - atMs);
      sentAt.delete(text);
    },
  );

  const before = usageOf(program.pid);
  const beganMs = performance.now();
  for (let written = 0; written < ROWS_A_SECOND * SECONDS; ) {
    for (let row = 0; row < BATCH; row += 1, written += 1) {
      const text = `row ${written}`;
      sentAt.set(text, performance.now());
      await platform.writeRow(member.id, draftOf(text));
    }
    const aheadMs = (written / ROWS_A_SECOND) * 1000 - (performance.now() - beganMs);
    await pause(Math.max(0, aheadMs));
  }
  ending.atMs = performance.now();
  const rate = (ROWS_A_SECOND * SECONDS * 1000) / (ending.atMs - beganMs);
  await agent;
  const cpu = (usageOf(program.pid).cpuMs - before.cpuMs) / (10 * SECONDS);
  await program.stop();
  const floorMs = appendPlainly(platform.rows(member.id));
  await platform.close();
  const [p50, p99] = [median(took), quantile(took, 0.99)];
  return {
    what: `steady flow for ${SECONDS} s, the agent popping`,
    measured: `${rate.toFixed(0)} rows/s, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, ${sentAt.size} lost, ${twice} twice, ${cpu.toFixed(0)} % of a core`,
    floor: `plain lines appended, synced, read: ${(floorMs / (10 * SECONDS)).toFixed(1)} % of a core`,
    ratio: cpu / (floorMs / (10 * SECONDS)),
    budget: `${ROWS_A_SECOND} rows/s, p99 ≤ 1 s, nothing lost`,
    within: sentAt.size + twice === 0 && rate >= 0.98 * ROWS_A_SECOND && p99 <= 1_000,
  };
}

/** Reads what waits and pops it, over and over, until everything has come or 20 s have passed since the end. */
async function work(
  program: Program,
  ending: { readonly atMs: number },
  awaited: () => number,
  read: (text: string) => void,
): Promise<void> {
  for (;;) {
    const { messages } = await program.call<Peek>('inbox_peek', { limit: 500 });
    for (const { text } of messages) read(text);
    await Promise.all(messages.map(({ activity_id }) => program.call('inbox_pop', { activity_id })));
    const ended = performance.now() > ending.atMs;
    if (ended && (awaited() === 0 || performance.now() > ending.atMs + 20_000)) return;
    if (messages.length === 0) await pause(5);
  }
}

interface Peek {
  readonly messages: readonly { readonly activity_id: string; readonly text: string }[];
}
