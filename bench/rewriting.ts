import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDisk } from '../adapters/disk/disk.ts';
import { openEventLog } from '../adapters/event-log/event-log.ts';
import type { DomainEvent, StoredEvent } from '../src/domain/events.ts';
import { evolve } from '../src/domain/inbox/inbox-evolve.ts';
import { initialState } from '../src/domain/inbox/inbox-state.ts';
import type { Row } from './row.ts';

/** How long a snapshot and a compaction of a full inbox hold the event loop at most: 20,000 messages, 64 MiB, 200,000 known ids. */
export async function measureRewriting(): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'molecule-inbox-bench-rewriting-'));
  const logger = { info() {}, warn() {}, error() {} };
  const log = openEventLog({ folder, disk: createDisk({ logger }), logger });
  await log.load();
  const state = initialState();
  for (let page = 0; page < 40; page += 1) {
    const events = Array.from({ length: 500 }, arrival).flat();
    const stored = events.map(
      (event, index): StoredEvent => ({ v: 1, seq: state.seq + index + 1, at: NOW, ...event }),
    );
    for (const event of stored) evolve(state, event);
    await log.append(stored);
  }
  for (let id = 0; id < 200_000; id += 1) state.seen.add(randomUUID(), id);
  const megabytes = Math.round(log.sizeBytes / 2 ** 20);

  const held: number[] = [];
  const tookMs: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    for (const rewrite of [() => log.saveSnapshot(state), () => log.compact(state)]) {
      const beganMs = performance.now();
      held.push(await longestTurnDuring(rewrite));
      tookMs.push(performance.now() - beganMs);
    }
  }
  const floorMs = await longestTurnDuring(() => new Promise((done) => setTimeout(done, 1_000)));
  await log.close();
  rmSync(folder, { recursive: true });
  const worstMs = Math.max(...held);
  return {
    what: `snapshot and compaction of ${megabytes} MiB, three of each: the longest turn of the event loop`,
    measured: `${worstMs.toFixed(0)} ms, each written in ${Math.max(...tookMs).toFixed(0)} ms at most, beside appends`,
    floor: `an idle loop: ${floorMs.toFixed(1)} ms`,
    ratio: worstMs / floorMs,
    budget: '≤ 20 ms',
    within: worstMs <= 20,
  };
}

function arrival(): DomainEvent[] {
  const id = randomUUID();
  const message = {
    activity_id: id,
    text: TEXT,
    peer_id: '',
    kind: 'canvas_user' as const,
    method: 'message/send',
    created_at: NOW,
  };
  const row = { id, atMicros: Date.parse(NOW) * 1000 };
  return [
    { type: 'message.received', data: { message, row, conversation: '', files: [] } },
    { type: 'message.released', data: { activityId: id, outcomes: [] } },
  ];
}

async function longestTurnDuring(work: () => Promise<unknown>): Promise<number> {
  let longestMs = 0;
  let lastMs = performance.now();
  let over = false;
  const look = () => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
    if (!over) setImmediate(look);
  };
  setImmediate(look);
  await work();
  over = true;
  return longestMs;
}

const NOW = '2026-05-05T00:00:00.000Z';
/** One character beyond Latin-1 makes a string of two bytes a character, as most texts of people have somewhere. */
const TEXT = `→ ${'x'.repeat(3_200)}`;
