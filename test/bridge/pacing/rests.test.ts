import { describe, expect, it } from 'vitest';
import { createRests } from '../../../src/bridge/pacing/rests.ts';

/** A budget that asks for nothing longer. */
const roomy = { stretch: (_: unknown, ownMs: number) => ownMs };

function restsOfCrowd(crowd: number, budget = roomy) {
  return Array.from({ length: crowd }, (_, index) =>
    createRests({ budget, crowd, random: () => index / crowd }),
  );
}

describe('the rests of a crowd', () => {
  it('spread what started at once over the period, and keep the period from then on', () => {
    const firsts = restsOfCrowd(100).map((rests) => [rests('heartbeat', 20_000), rests('heartbeat', 20_000)]);

    const phases = firsts.map(([first = 0]) => (first % 20_000) / 20_000).sort((a, b) => a - b);
    for (const [index, phase] of phases.entries()) expect(phase).toBeCloseTo(index / 100);
    expect(new Set(firsts.map(([, second]) => second))).toEqual(new Set([20_000]));
  });

  it('draw a phase anew when the rest becomes another one, as when a wake-up stream opens', () => {
    const rests = createRests({ budget: roomy, crowd: 2, random: () => 0 });
    expect([rests('poll', 5_000), rests('poll', 5_000)]).toEqual([2_500, 5_000]);
    expect([rests('poll', 25_000), rests('poll', 25_000)]).toEqual([12_500, 25_000]);
  });

  it('let no poll wait for longer than its period, and no heartbeat for longer than the platform waits', () => {
    const latest = createRests({ budget: roomy, crowd: 1_000, random: () => 0.999 });
    expect(latest('poll', 100_000)).toBeLessThanOrEqual(100_000);
    expect(latest('heartbeat', 20_000)).toBeLessThanOrEqual(64_000);
  });

  it('are stretched for a thousand though their servers allow more, and are what the budget demands where that is more', () => {
    const [own] = restsOfCrowd(1_000).map((rests) => {
      rests('heartbeat', 20_000);
      rests('poll', 25_000);
      return { heartbeat: rests('heartbeat', 20_000), poll: rests('poll', 25_000) };
    });
    expect(own?.heartbeat).toBe(64_000);
    expect(own?.poll).toBeGreaterThan(50_000);

    const tight = createRests({ budget: { stretch: () => 200_000 }, crowd: 300, random: () => 0 });
    tight('poll', 25_000);
    expect(tight('poll', 25_000)).toBe(200_000);
  });

  it('leave a workspace on its own as it is', () => {
    const alone = createRests({ budget: roomy, crowd: 1, random: () => 0.9 });
    expect([alone('heartbeat', 20_000), alone('poll', 25_000)]).toEqual([20_000, 25_000]);
  });
});
