import { expect, it } from 'vitest';
import { worsen } from '../../machines/workspace/trouble.ts';

const failure = {
  kind: 'timed-out',
  text: 'nobody listens there',
  retryAfterMs: null,
  status: 0,
} as const;

it('tries again after a pause that is drawn, so that those whom one fault met do not come back together', () => {
  const draws = [0, 0.25, 0.5, 0.75, 1 - Number.EPSILON];
  const pauses = draws.map((random) => worsen(undefined, 'wakeUps', failure, random, 0).retryInMs);
  expect(new Set(pauses).size).toBe(draws.length);
  expect(pauses).toEqual([...pauses].sort((one, other) => one - other));
});
