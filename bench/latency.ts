import { setTimeout as pause } from 'node:timers/promises';
import { startLocalPlatform } from '../src/local-platform/local-platform.ts';
import { draftOf } from './draft.ts';
import { startProgram } from './program.ts';
import { median, quantile, type Row } from './row.ts';

/** From a row's arrival on the platform to its push on the host's pipe, at random moments. */
export async function measureLatency(stream: 'normal' | 'absent', messages: number): Promise<Row> {
  const platform = await startLocalPlatform({ rateLimit: 1_000_000_000 });
  platform.faults.stream.mode = stream;
  const member = platform.createWorkspace({ name: 'bench' });
  const program = await startProgram({ url: platform.url, members: [member] });
  const sentAt = new Map<string, number>();
  const tookMs: number[] = [];
  program.onPush = (content, { activity_id: id }) => {
    for (const [text, atMs] of sentAt) {
      if (!content.includes(text)) continue;
      tookMs.push(performance.now() - atMs);
      sentAt.delete(text);
    }
    if (id) void program.call('inbox_pop', { activity_id: id });
  };
  await platform.requests.answered(2, 'GET /workspaces/:id/activity', 60_000);
  await pause(1_000);
  for (let message = 0; message < messages; message += 1) {
    const text = `message number ${message}.`;
    sentAt.set(text, performance.now());
    await platform.writeRow(member.id, draftOf(text));
    await pause((stream === 'normal' ? 100 : 400) + Math.random() * 400);
  }
  const giveUpAt = performance.now() + 30_000;
  while (sentAt.size > 0 && performance.now() < giveUpAt) await pause(50);
  await program.stop();
  await platform.close();
  const [p50, p99, max] = [median(tookMs), quantile(tookMs, 0.99), Math.max(...tookMs)];
  const lost = sentAt.size;
  return {
    what: stream === 'normal' ? 'arrival → push, wake-ups' : 'arrival → push, no stream',
    measured: `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, max ${max.toFixed(0)} ms, ${lost} lost`,
    floor: '',
    ratio: null,
    budget: stream === 'normal' ? 'p50 ≤ 15 ms, p99 ≤ 100 ms' : 'p50 ≤ 3 s, max ≤ 5.5 s',
    within: lost === 0 && (stream === 'normal' ? p50 <= 15 && p99 <= 100 : p50 <= 3_000 && max <= 5_500),
  };
}
