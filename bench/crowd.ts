import { setTimeout as pause } from 'node:timers/promises';
import { startLocalPlatform } from '../src/local-platform/local-platform.ts';
import { draftOf } from './draft.ts';
import { expectations } from './latency.ts';
import { startProgram } from './program.ts';
import { median, type Row } from './row.ts';
import { tallyOf } from './tally.ts';

const WORKSPACES = 300;
const MESSAGES = 120;

/** Many workspaces behind one address that allows 600 requests a minute: all present, nothing refused, messages at once. */
export async function measureCrowd(): Promise<Row> {
  const platform = await startLocalPlatform({ profile: 'may', rateLimit: 600 });
  const members = Array.from({ length: WORKSPACES }, (_, index) =>
    platform.createWorkspace({ name: `bench ${index}` }),
  );
  const tally = tallyOf(platform, members);
  const beganMs = performance.now();
  const program = await startProgram({ url: platform.url, members });
  const expected = expectations();
  program.onPush = (content, { activity_id: id }) => {
    expected.came(content);
    if (id) void program.call('inbox_pop', { activity_id: id });
  };
  while (platform.faults.stream.open < WORKSPACES && performance.now() - beganMs < 300_000) await pause(250);
  const startedMs = performance.now() - beganMs;
  await pause(Math.max(0, 180_000 - startedMs));
  for (let message = 0; message < MESSAGES; message += 1) {
    const { id } = members[(message * 7) % WORKSPACES] ?? { id: '' };
    const text = `message number ${message}.`;
    expected.expect(text);
    await platform.writeRow(id, draftOf(text));
    await pause(1_000);
  }
  await pause(6_000);
  tally.stop();
  for (const [at, then] of tally.timeline().entries())
    console.error(`  ${at * 10} s: ${JSON.stringify(then)}`);
  const [refused, stale, late] = [tally.refused(), tally.stale(), expected.open()];
  const streams = platform.faults.stream.open;
  await program.stop();
  await platform.close();
  const [p50, max] = [median(expected.took), Math.max(...expected.took)];
  return {
    what: `${WORKSPACES} workspaces, 600 requests a minute`,
    measured: `${refused} refused, ${stale} stale, all ${streams} streams after ${(startedMs / 1000).toFixed(0)} s, p50 ${p50.toFixed(0)} ms, max ${max.toFixed(0)} ms, ${late} late`,
    floor: '',
    ratio: null,
    budget: 'none refused or stale, ≤ 180 s, p50 ≤ 100 ms, max ≤ 5.5 s',
    within:
      refused + stale + late === 0 &&
      streams === WORKSPACES &&
      startedMs <= 180_000 &&
      p50 <= 100 &&
      max <= 5_500,
  };
}
