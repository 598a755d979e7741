import { describe, expect, it } from 'vitest';
import { DEFAULT_DEADLINES } from '../../../adapters/platform/limits.ts';
import { createRests } from '../../../src/bridge/pacing/rests.ts';
import { silenceMs } from '../../../src/domain/network/rests.ts';

/** A budget that asks for nothing longer. */
const roomy = { stretch: (_: unknown, ownMs: number) => ownMs };

function restsOfCrowd(crowd: number, budget = roomy) {
  return Array.from({ length: crowd }, (_, index) =>
    createRests({ budget, crowd, random: () => index / crowd, steadyMs: () => 0 }),
  );
}

/** Every two seconds. */
function ticksBetween(fromMs: number, toMs: number): number[] {
  return Array.from({ length: (toMs - fromMs) / 2_000 + 1 }, (_, index) => fromMs + index * 2_000);
}

describe('the rests of a crowd', () => {
  it.each([
    ['heartbeat', 20_000],
    ['heartbeat', 64_000], // The longest that one may rest.
    ['poll', 48_000],
  ] as const)(
    'spread what started at once, each %s after %i ms, and keep the period from then on',
    (rest, wholeMs) => {
      const firsts = restsOfCrowd(100).map((rests) => [rests(rest, wholeMs), rests(rest, wholeMs)]);
      const ticks = new Set(firsts.map(([first]) => first));
      expect([...ticks]).toEqual(ticksBetween(wholeMs / 2, wholeMs));
      expect(new Set(firsts.map(([, second]) => second))).toEqual(new Set([wholeMs]));
    },
  );

  it('draw a phase anew when the rest becomes another one, as when a wake-up stream opens', () => {
    const rests = createRests({ budget: roomy, crowd: 2, random: () => 0, steadyMs: () => 0 });
    expect([rests('poll', 5_000), rests('poll', 5_000)]).toEqual([2_500, 5_000]);
    expect([rests('poll', 24_000), rests('poll', 24_000)]).toEqual([12_000, 24_000]);
  });

  it('end together, whenever they began, and keep their period on the whole', () => {
    let nowMs = 0;
    const endsOf = (beganMs: number, wholeMs: number) => {
      const rests = createRests({ budget: roomy, crowd: 2, random: () => 0, steadyMs: () => nowMs });
      nowMs = beganMs;
      return Array.from({ length: 11 }, () => {
        nowMs += rests('poll', wholeMs);
        const endMs = nowMs;
        nowMs += 15; // The request takes its time.
        return endMs;
      });
    };
    for (const wholeMs of [20_000, 30_000, 64_000]) {
      const ends = [0, 700, 1_300].flatMap((beganMs) => endsOf(beganMs, wholeMs));
      for (const endMs of ends) expect(endMs % 2_000).toBe(0);
      for (const whole of [ends.slice(0, 11), ends.slice(11, 22), ends.slice(22)])
        expect((whole[10] ?? 0) - (whole[0] ?? 0)).toBe(10 * wholeMs);
    }
  });

  it('let no poll wait for longer than its period, and no heartbeat for longer than the platform waits, but for a tick', () => {
    const latest = createRests({ budget: roomy, crowd: 1_000, random: () => 0.999, steadyMs: () => 0 });
    expect(latest('poll', 130_000)).toBeLessThanOrEqual(130_000);
    expect(latest('heartbeat', 20_000)).toBeLessThanOrEqual(65_000);
  });

  it('are stretched for a thousand though their servers allow more, and are what the budget demands where that is more', () => {
    const [own] = restsOfCrowd(1_000).map((rests) => {
      rests('heartbeat', 20_000);
      rests('poll', 25_000);
      return { heartbeat: rests('heartbeat', 20_000), poll: rests('poll', 25_000) };
    });
    expect(own?.heartbeat).toBe(64_000);
    expect(own?.poll).toBe(120_000);

    const tight = createRests({
      budget: { stretch: () => 200_000 },
      crowd: 300,
      random: () => 0,
      steadyMs: () => 0,
    });
    tight('poll', 25_000);
    expect(tight('poll', 25_000)).toBe(200_000);
  });

  it.each([
    [60, 30_000],
    [100, 45_000],
    [400, 120_000],
  ])('are stretched for %i where a wake-up stream tells of messages, and nowhere else', (crowd, safetyMs) => {
    const rests = createRests({ budget: roomy, crowd, random: () => 0, steadyMs: () => 0 });
    const settled = (ownMs: number) => [rests('poll', ownMs), rests('poll', ownMs)][1] ?? 0;
    expect(Math.abs(settled(30_000) - safetyMs)).toBeLessThanOrEqual(1_000);
    expect(settled(5_000)).toBeLessThan(20_000);
  });

  it('leave a workspace on its own as it is', () => {
    const alone = createRests({ budget: roomy, crowd: 1, random: () => 0.9 });
    expect([alone('heartbeat', 20_000), alone('poll', 25_000)]).toEqual([20_000, 25_000]);
  });
});

describe('a wake-up stream', () => {
  it('may be silent for 60 s where heartbeats, each of which makes a frame, come every 20 s', () => {
    expect(silenceMs(1, 1, 20_000)).toBe(60_000);
    expect(DEFAULT_DEADLINES.silenceMs).toBe(60_000);
  });

  it('may be silent for three heartbeats where they are rarer', () => {
    expect(silenceMs(1, 1, 60_000)).toBe(180_000);
    expect(silenceMs(300, 300, 20_000)).toBe(104_000);
  });
});
