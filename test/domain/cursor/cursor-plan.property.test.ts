import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Breakage, FeedAgent, NaiveAgent } from '../../support/feed-agent.ts';
import { FeedModel, type Generation } from '../../support/feed-model.ts';

type Step =
  | { readonly do: 'write'; readonly count: number; readonly lateMs: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'poll'; readonly breakage?: Breakage }
  | { readonly do: 'restart' }
  | { readonly do: 'lose the cursor row' }
  | { readonly do: 'prune'; readonly ms: number };

const TEN_MINUTES = 600_000;

const wait: fc.Arbitrary<Step> = fc
  .oneof(
    fc.integer({ min: 0, max: 5_000 }),
    fc.integer({ min: 0, max: 90_000 }),
    fc.integer({ min: 0, max: 1_500_000 }),
  )
  .map((ms) => ({ do: 'wait', ms }));

const poll: fc.Arbitrary<Step> = fc.constant({ do: 'poll' });

const brokenPoll: fc.Arbitrary<Step> = fc
  .record({
    page: fc.integer({ min: 1, max: 4 }),
    how: fc.constantFrom<Breakage['how'][]>(
      'unreachable',
      'disk refuses',
      'killed before commit',
      'killed after commit',
    ),
  })
  .map((breakage) => ({ do: 'poll', breakage }));

function write(maxCount: number, late: fc.Arbitrary<number>): fc.Arbitrary<Step> {
  return fc
    .record({ count: fc.integer({ min: 1, max: maxCount }), lateMs: late })
    .map((row) => ({ do: 'write', ...row }));
}

const late = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 20_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: TEN_MINUTES }) },
);
const generation = fc.constantFrom<Generation[]>('may', 'head');
const pageLimit = fc.integer({ min: 3, max: 5 });

function play(steps: readonly Step[], platform: FeedModel, agent: FeedAgent): void {
  for (const step of steps) {
    if (step.do === 'write') platform.write(step);
    else if (step.do === 'wait') platform.wait(step.ms);
    else if (step.do === 'poll') agent.poll(step.breakage);
    else if (step.do === 'restart') agent.restart();
    else if (step.do === 'prune') platform.prune(step.ms);
    else if (agent.taken.includes(agent.state.feed?.cursor?.id ?? ''))
      platform.remove(agent.state.feed?.cursor?.id);
  }
}

/** What the agent owes: everything created since its first look's backlog began. */
function owed(platform: FeedModel, agent: FeedAgent): string[] {
  const since = agent.state.feed?.startMicros ?? Number.POSITIVE_INFINITY;
  return platform.written.filter((row) => row.createdMicros >= since).map(({ id }) => id);
}

describe('the cursor plan, over any history', () => {
  it('takes every row exactly once, however late, tied, cut by pages, failed, killed or restarted', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: write(3, late) },
      { weight: 3, arbitrary: wait },
      { weight: 4, arbitrary: poll },
      { weight: 2, arbitrary: brokenPoll },
      { weight: 1, arbitrary: fc.constant<Step>({ do: 'restart' }) },
      { weight: 1, arbitrary: fc.constant<Step>({ do: 'lose the cursor row' }) },
    );
    fc.assert(
      fc.property(
        generation,
        fc.boolean(),
        pageLimit,
        fc.array(step, { minLength: 1, maxLength: 60 }),
        (generation, tellsTime, pageLimit, steps) => {
          const platform = new FeedModel({ generation, tellsTime });
          const agent = new FeedAgent(platform, { pageLimit });
          play(steps, platform, agent);
          agent.settle();
          expect([...agent.taken].sort()).toEqual(owed(platform, agent).sort());
        },
      ),
      { numRuns: 150 },
    );
  });

  it('moves the floor below nothing that may still turn up, on a busy feed with rare sweeps', () => {
    const beat = fc.record({
      gapMs: fc.integer({ min: 1_000, max: 60_000 }),
      lateMs: fc.oneof(fc.constant(0), fc.integer({ min: TEN_MINUTES - 60_000, max: TEN_MINUTES })),
    });
    fc.assert(
      fc.property(
        generation,
        fc.constantFrom(60_000, 240_000, 900_000),
        fc.array(beat, { minLength: 20, maxLength: 60 }),
        (generation, sweepEveryMs, beats) => {
          const platform = new FeedModel({ generation });
          const agent = new FeedAgent(platform, { pageLimit: 50, sweepEveryMs });
          agent.poll();
          for (const { gapMs, lateMs } of beats) {
            platform.write({ lateMs });
            platform.write();
            agent.poll();
            platform.wait(gapMs);
          }
          agent.settle();
          expect([...agent.taken].sort()).toEqual(owed(platform, agent).sort());
        },
      ),
      { numRuns: 40 },
    );
  });

  it('takes rows that are not late in the order of their time', () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: write(2, fc.constant(0)) },
      { weight: 3, arbitrary: wait },
      { weight: 3, arbitrary: poll },
      { weight: 2, arbitrary: brokenPoll },
      { weight: 1, arbitrary: fc.constant<Step>({ do: 'restart' }) },
    );
    fc.assert(
      fc.property(
        generation,
        pageLimit,
        fc.array(step, { minLength: 1, maxLength: 60 }),
        (generation, pageLimit, steps) => {
          const platform = new FeedModel({ generation });
          const agent = new FeedAgent(platform, { pageLimit });
          play(steps, platform, agent);
          agent.settle();
          const times = agent.taken.map(
            (id) => platform.written.find((row) => row.id === id)?.createdMicros ?? 0,
          );
          expect(times).toEqual([...times].sort((a, b) => a - b));
          expect(agent.taken).toHaveLength(owed(platform, agent).length);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('takes, after any outage and pruning, everything that the platform still holds, and nothing twice', () => {
    const outage: fc.Arbitrary<Step> = fc
      .integer({ min: 0, max: 5_000_000 })
      .map((ms) => ({ do: 'wait', ms }));
    const prune: fc.Arbitrary<Step> = fc
      .integer({ min: 0, max: 3_000_000 })
      .map((ms) => ({ do: 'prune', ms }));
    const step = fc.oneof(
      { weight: 5, arbitrary: write(3, late) },
      { weight: 3, arbitrary: outage },
      { weight: 3, arbitrary: poll },
      { weight: 1, arbitrary: prune },
      { weight: 1, arbitrary: fc.constant<Step>({ do: 'restart' }) },
    );
    fc.assert(
      fc.property(
        generation,
        pageLimit,
        fc.array(step, { minLength: 1, maxLength: 60 }),
        (generation, pageLimit, steps) => {
          const platform = new FeedModel({ generation });
          const agent = new FeedAgent(platform, { pageLimit });
          agent.poll();
          play(steps, platform, agent);
          agent.settle();
          const held = new Set(platform.stillHeld.map(({ id }) => id));
          const taken = new Set(agent.taken);
          expect(agent.taken).toHaveLength(taken.size);
          expect(owed(platform, agent).filter((id) => held.has(id) && !taken.has(id))).toEqual([]);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is more than a cursor on the last row can do: that one loses rows under the same property', () => {
    const step = fc.oneof(write(3, late), wait, poll);
    const result = fc.check(
      fc.property(pageLimit, fc.array(step, { minLength: 1, maxLength: 60 }), (pageLimit, steps) => {
        const platform = new FeedModel();
        const agent = new NaiveAgent(platform, pageLimit);
        agent.poll();
        for (const step of steps) {
          if (step.do === 'write') platform.write(step);
          else if (step.do === 'wait') platform.wait(step.ms);
          else agent.poll();
        }
        agent.settle();
        expect([...agent.taken].sort()).toEqual(platform.written.map(({ id }) => id).sort());
      }),
      { numRuns: 400, seed: 1 },
    );
    expect(result.failed).toBe(true);
  });
});
