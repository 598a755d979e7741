import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  defaultOfferRules,
  type LastDigest,
  type OfferCandidate,
  type OfferRules,
  planOffers,
} from '../../../src/domain/inbox/offer-plan.ts';

const SESSION = 3;
const fresh = (count: number, from = 0) => candidates(count, from, []);
const redelivered = (count: number, from = 0) => candidates(count, from, [2]);
const seenTwice = (count: number, from = 0) => candidates(count, from, [1, 2]);
const shown = (count: number, from = 0) => candidates(count, from, [SESSION]);

function candidates(count: number, from: number, offeredIn: number[]): OfferCandidate[] {
  return Array.from({ length: count }, (_, index) => ({
    activityId: `m${from + index}`,
    offeredIn,
    session: SESSION,
    atMicros: from + index,
  }));
}

function plan(
  waiting: OfferCandidate[],
  rules: Partial<OfferRules> = {},
  lastDigest: LastDigest | null = null,
  nowMs = 0,
) {
  return planOffers({ waiting, rules: { ...defaultOfferRules, ...rules }, lastDigest, nowMs });
}

/** The inbox after a plan was carried out. */
function carryOut(waiting: OfferCandidate[], { offers }: ReturnType<typeof plan>): OfferCandidate[] {
  const pushed = new Set(offers.map(({ activityId }) => activityId));
  return waiting.map((one) =>
    pushed.has(one.activityId) ? { ...one, offeredIn: [...one.offeredIn, SESSION] } : one,
  );
}

describe('planOffers', () => {
  it('pushes what is new, in order, and needs no digest', () => {
    expect(plan(fresh(3))).toEqual({
      offers: ['m0', 'm1', 'm2'].map((activityId) => ({ activityId, redelivered: false })),
      digest: null,
      lastDigest: null,
      againInMs: null,
    });
  });

  it('pushes nothing twice in a session', () => {
    expect(plan([...shown(5), ...fresh(1, 5)]).offers).toEqual([{ activityId: 'm5', redelivered: false }]);
    expect(plan(shown(5))).toEqual({ offers: [], digest: null, lastDigest: null, againInMs: null });
  });

  it('pushes fifty and tells of the rest in one digest', () => {
    const { offers, digest, lastDigest } = plan(fresh(120));
    expect(offers.map(({ activityId }) => activityId)).toEqual(
      Array.from({ length: 50 }, (_, index) => `m${index}`),
    );
    expect(digest).toEqual({ waiting: 120, unshown: 70, oldestMicros: 0 });
    expect(lastDigest).toEqual({ atMs: 0, newestId: 'm119' });
  });

  it('goes on in order as messages are popped', () => {
    const waiting = carryOut(fresh(120), plan(fresh(120))).slice(2);
    expect(
      plan(waiting, {}, { atMs: 0, newestId: 'm119' }).offers.map(({ activityId }) => activityId),
    ).toEqual(['m50', 'm51']);
  });

  it('pushes twenty redelivered ones at a session’s start, and lets fresh ones pass those that wait', () => {
    const { offers, digest } = plan([...redelivered(30), ...fresh(5, 30)]);
    expect(offers).toHaveLength(25);
    expect(offers.filter((offer) => offer.redelivered)).toHaveLength(20);
    expect(offers.slice(20).map(({ activityId }) => activityId)).toEqual(['m30', 'm31', 'm32', 'm33', 'm34']);
    expect(digest).toEqual({ waiting: 35, unshown: 10, oldestMicros: 0 });
  });

  it('goes on with redelivered ones as those shown are popped', () => {
    const waiting = redelivered(30);
    const next = carryOut(waiting, plan(waiting)).slice(3);
    expect(plan(next).offers).toEqual(
      ['m20', 'm21', 'm22'].map((activityId) => ({ activityId, redelivered: true })),
    );
  });

  it('leaves what two earlier sessions offered to the digest', () => {
    const { offers, digest } = plan([...seenTwice(2), ...fresh(1, 2)]);
    expect(offers).toEqual([{ activityId: 'm2', redelivered: false }]);
    expect(digest).toEqual({ waiting: 3, unshown: 2, oldestMicros: 0 });
  });

  it('pushes everything without a window, but never a third time', () => {
    const { offers, digest } = plan([...seenTwice(1), ...redelivered(30, 1), ...fresh(500, 31)], {
      pushWindow: 0,
    });
    expect(offers).toHaveLength(530);
    expect(digest).toMatchObject({ unshown: 1 });
  });

  it('renews the digest for newcomers after five minutes, not for each arrival', () => {
    const full = [...shown(50), ...fresh(10, 50)];
    const first = plan(full);
    expect(first.digest).not.toBe(null);
    const more = [...full, ...fresh(1, 60)];
    const early = plan(more, {}, first.lastDigest, 60_000);
    expect([early.digest, early.againInMs]).toEqual([null, 240_000]);
    const due = plan(more, {}, early.lastDigest, 300_000);
    expect(due.digest).toEqual({ waiting: 61, unshown: 11, oldestMicros: 0 });
    expect(plan(more, {}, due.lastDigest, 900_000)).toMatchObject({ digest: null, againInMs: null });
  });

  it('keeps its bounds whatever is popped and whatever comes', () => {
    const step = fc.record({ come: fc.nat(40), pop: fc.nat(40), forMs: fc.nat(200_000) });
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.array(step, { maxLength: 20 }), (old, older, steps) => {
        let waiting = [...seenTwice(older), ...redelivered(old, older)];
        let next = older + old;
        let lastDigest: LastDigest | null = null;
        let nowMs = 0;
        let digestAtMs = Number.NEGATIVE_INFINITY;
        const freshOrder: number[] = [];
        for (const { come, pop, forMs } of steps) {
          waiting = [...waiting, ...fresh(come, next)];
          next += come;
          nowMs += forMs;
          const made = plan(waiting, {}, lastDigest, nowMs);
          lastDigest = made.lastDigest;
          if (made.digest) {
            expect(nowMs - digestAtMs).toBeGreaterThanOrEqual(300_000);
            digestAtMs = nowMs;
          }
          waiting = carryOut(waiting, made);
          const visible = waiting.filter(({ offeredIn }) => offeredIn.includes(SESSION));
          expect(visible.length).toBeLessThanOrEqual(50);
          expect(visible.filter(({ offeredIn }) => offeredIn.length > 1).length).toBeLessThanOrEqual(20);
          // Work is never left undone: with room left, nothing fresh stays unshown.
          if (visible.length < 50)
            expect(waiting.filter(({ offeredIn }) => offeredIn.length === 0)).toEqual([]);
          const pushedFresh = made.offers.filter((offer) => !offer.redelivered);
          freshOrder.push(...pushedFresh.map(({ activityId }) => Number(activityId.slice(1))));
          waiting = waiting.slice(pop);
        }
        expect(freshOrder).toEqual([...freshOrder].sort((a, b) => a - b));
      }),
    );
  });
});
