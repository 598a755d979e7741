import { expect } from 'vitest';
import type { Profile } from '../../../src/local-platform/profile.ts';
import { startTestPlatform } from '../../support/local-platform.ts';
import { loadRun } from './exchange.ts';

const limit = 20;

/** Plays the run with `RATE_LIMIT=20`: between its two exchanges as many were sent as the limit still allowed. */
export async function playRateLimit(folder: string, profile: Profile): Promise<void> {
  const platform = await startTestPlatform({ profile, rateLimit: limit });
  // So that the seconds until the reset do not depend on this machine.
  platform.clock.freeze();
  const [first, last] = loadRun(folder, ['ratelimit']);
  if (first === undefined || last === undefined) throw new Error('the recording has two exchanges');
  const answer = await fetch(platform.url + first.request.path);
  const untold = await Promise.all(
    Array.from({ length: limit - 1 }, () => fetch(platform.url + first.request.path)),
  );
  const refusal = await fetch(platform.url + last.request.path);

  expect(untold.map(({ status }) => status)).toEqual(untold.map(() => 200));
  for (const [recorded, ours] of [
    [first.response, answer],
    [last.response, refusal],
  ] as const) {
    expect(ours.status).toBe(recorded.status);
    const sent = Object.keys(recorded.headers).map((name) => [name, ours.headers.get(name)]);
    expect(Object.fromEntries(sent)).toEqual(recorded.headers);
    expect(await ours.json()).toEqual(recorded.json);
  }
}
