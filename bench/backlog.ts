import { setTimeout as pause } from 'node:timers/promises';
import { startLocalPlatform } from '../src/local-platform/local-platform.ts';
import { appendPlainly } from './append.ts';
import { draftOf } from './draft.ts';
import { type Program, startProgram, usageOf } from './program.ts';
import type { Row } from './row.ts';

const ROWS = 10_000;

/** Rows that wait when the program starts: until `inbox_peek` has shown all of them, in order. */
export async function measureBacklog(): Promise<Row> {
  const platform = await startLocalPlatform({ rateLimit: 1_000_000_000 });
  const member = platform.createWorkspace({ name: 'bench' });
  for (let row = 0; row < ROWS; row += 1) {
    await platform.writeRow(member.id, draftOf(textOf(row)), { quietly: true });
  }
  const floorMs = appendPlainly(platform.rows(member.id));
  const beganMs = performance.now();
  const program = await startProgram({ url: platform.url, members: [member] });
  const shown = await readAll(program, beganMs + 60_000);
  const tookMs = performance.now() - beganMs;
  const { cpuMs } = usageOf(program.pid);
  await program.stop();
  await platform.close();
  const outOfOrder = shown.findIndex((text, index) => text !== textOf(index));
  const rowsPerSecond = Math.round((shown.length / tookMs) * 1000);
  return {
    what: '10,000 rows waiting: spawn → all durable and read with inbox_peek',
    measured: `${(tookMs / 1000).toFixed(2)} s, ${rowsPerSecond} rows/s (processor ${(cpuMs / 1000).toFixed(2)} s), ${outOfOrder === -1 ? 'in order' : `out of order at ${outOfOrder}`}`,
    floor: `plain lines appended, synced, read: ${(floorMs / 1000).toFixed(2)} s`,
    ratio: tookMs / floorMs,
    budget: '≤ 5 s, in order',
    within: shown.length === ROWS && outOfOrder === -1 && tookMs <= 5_000,
  };
}

/** The texts as they can be read, page by page, until all are there or it takes too long. */
async function readAll(program: Program, giveUpAtMs: number): Promise<readonly string[]> {
  const texts: string[] = [];
  while (texts.length < ROWS && performance.now() < giveUpAtMs) {
    const { messages } = await program.call<Peek>('inbox_peek', { offset: texts.length, limit: 500 });
    texts.push(...messages.map(({ text }) => text));
    // An agent that asks without a pause takes the very processor that is to read on.
    if (messages.length === 0) await pause(10);
  }
  return texts;
}

interface Peek {
  readonly messages: readonly { readonly text: string }[];
}

function textOf(row: number): string {
  return `row ${String(row).padStart(6, '0')}`;
}
