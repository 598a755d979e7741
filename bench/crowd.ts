import { setTimeout as pause } from 'node:timers/promises';
import { startLocalPlatform } from '../src/local-platform/local-platform.ts';
import { draftOf } from './draft.ts';
import { startProgram } from './program.ts';
import { median, type Row } from './row.ts';

const WORKSPACES = 300;

/** Many workspaces behind one address that allows 600 requests a minute: all present, nothing refused, messages at once. */
export async function measureCrowd(): Promise<Row> {
  const platform = await startLocalPlatform({ profile: 'may', rateLimit: 600 });
  const members = Array.from({ length: WORKSPACES }, (_, index) =>
    platform.createWorkspace({ name: `bench ${index}` }),
  );
  const program = await startProgram({ url: platform.url, members });
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
  const beganMs = performance.now();
  await platform.requests.answered(WORKSPACES, 'GET /workspaces/:id/events/stream', 300_000);
  const startedMs = performance.now() - beganMs;
  await pause(Math.max(0, 180_000 - startedMs));
  for (let message = 0; message < 120; message += 1) {
    const { id } = members[(message * 7) % WORKSPACES] ?? { id: '' };
    const text = `message number ${message}.`;
    sentAt.set(text, performance.now());
    await platform.writeRow(id, draftOf(text));
    await pause(1_000);
  }
  await pause(6_000);
  const refused = platform.requests.seen.filter(({ status }) => status === 429).length;
  await platform.sweep();
  const stale = members.filter(({ id }) => platform.workspace(id)?.status !== 'online').length;
  await program.stop();
  await platform.close();
  const [p50, max] = [median(tookMs), Math.max(...tookMs)];
  return {
    what: `${WORKSPACES} workspaces, 600 requests a minute`,
    measured: `${refused} refused, ${stale} stale, started in ${(startedMs / 1000).toFixed(0)} s, p50 ${p50.toFixed(0)} ms, max ${max.toFixed(0)} ms, ${sentAt.size} late`,
    floor: '',
    ratio: null,
    budget: 'none refused or stale, ≤ 3 min, p50 ≤ 100 ms, max ≤ 5.5 s',
    within: refused + stale + sentAt.size === 0 && startedMs <= 180_000 && p50 <= 100 && max <= 5_500,
  };
}
