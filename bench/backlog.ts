import { startLocalPlatform } from '../src/local-platform/local-platform.ts';
import { draftOf } from './draft.ts';
import { startProgram } from './program.ts';
import type { Row } from './row.ts';

const ROWS = 10_000;

/** Rows that wait when the program starts: until all are durable and readable in order. */
export async function measureBacklog(): Promise<Row> {
  const platform = await startLocalPlatform({ rateLimit: 1_000_000_000 });
  const member = platform.createWorkspace({ name: 'bench' });
  for (let row = 0; row < ROWS; row += 1) {
    await platform.writeRow(member.id, draftOf(`row ${String(row).padStart(6, '0')}`), { quietly: true });
  }
  const beganMs = performance.now();
  const program = await startProgram({
    url: platform.url,
    members: [member],
    env: { MOLECULE_PUSH_WINDOW: '1' },
  });
  let waiting = 0;
  while (waiting < ROWS && performance.now() - beganMs < 120_000) {
    ({ waiting } = await program.call<{ waiting: number }>('inbox_status'));
  }
  const tookMs = performance.now() - beganMs;
  await program.stop();
  await platform.close();
  return {
    what: '10,000 rows waiting, from spawn',
    measured: `${(tookMs / 1000).toFixed(2)} s, ${Math.round((waiting / tookMs) * 1000)} rows/s`,
    floor: '',
    ratio: null,
    budget: '≤ 5 s',
    within: waiting === ROWS && tookMs <= 5_000,
  };
}
