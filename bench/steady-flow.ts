import { setTimeout as pause } from 'node:timers/promises';
import { startLocalPlatform } from '../src/local-platform/local-platform.ts';
import { draftOf } from './draft.ts';
import { startProgram } from './program.ts';
import { median, quantile, type Row } from './row.ts';

const ROWS_A_SECOND = 1_000;
const SECONDS = 60;
const BATCH = 50;

/** Rows that keep coming while the agent takes them: by `inbox_claim`, which pops as it reads. */
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
  const tookMs: number[] = [];
  let written = 0;
  let ended = false;
  let endedAt = Number.POSITIVE_INFINITY;

  const taking = (async () => {
    while (!ended || sentAt.size > 0) {
      const { messages } = await program.call<{ messages: { activity_id: string; text: string }[] }>(
        'inbox_peek',
        {
          limit: 500,
        },
      );
      const nowMs = performance.now();
      for (const { text } of messages) {
        const atMs = sentAt.get(text);
        if (atMs !== undefined) tookMs.push(nowMs - atMs);
        sentAt.delete(text);
      }
      await Promise.all(messages.map(({ activity_id }) => program.call('inbox_pop', { activity_id })));
      if (ended && messages.length === 0 && performance.now() > endedAt + 20_000) break;
    }
  })();

  const beganMs = performance.now();
  while (written < ROWS_A_SECOND * SECONDS) {
    for (let row = 0; row < BATCH; row += 1) {
      const text = `row ${written}`;
      written += 1;
      sentAt.set(text, performance.now());
      await platform.writeRow(member.id, draftOf(text));
    }
    const dueMs = beganMs + (written / ROWS_A_SECOND) * 1000;
    await pause(Math.max(0, dueMs - performance.now()));
  }
  endedAt = performance.now();
  const rate = written / ((endedAt - beganMs) / 1000);
  ended = true;
  await taking;
  await program.stop();
  await platform.close();
  const [p50, p99] = [median(tookMs), quantile(tookMs, 0.99)];
  return {
    what: 'steady flow, the agent popping',
    measured: `${rate.toFixed(0)} rows/s offered, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, ${sentAt.size} lost`,
    floor: '',
    ratio: null,
    budget: '1,000 rows/s for 60 s, p99 ≤ 1 s',
    within: sentAt.size === 0 && rate >= 0.98 * ROWS_A_SECOND && p99 <= 1_000,
  };
}
