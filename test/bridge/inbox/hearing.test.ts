import { describe, expect, it } from 'vitest';
import { createHearing } from '../../../src/bridge/inbox/hearing.ts';
import type { DomainEvent } from '../../../src/domain/events.ts';
import { classifyRow } from '../../../src/domain/wire/classify.ts';
import { apply, given } from '../../support/given.ts';
import { chatRow, idOf, OWN } from '../../support/rows.ts';

const START_MS = Date.UTC(2026, 4, 5, 12);
const MINUTE_MS = 60_000;

/** Messages 1 and 2 have been released. */
function twoWaiting() {
  const rows = [1, 2].map((number) => classifyRow(chatRow(number, 'hi'), OWN));
  return given().after(
    { type: 'takeRows', opened: null, rows, advanced: null },
    ...[1, 2].map((number) => ({ type: 'releaseMessage', activityId: idOf(number), outcomes: [] }) as const),
  );
}

/** A hearing over two waiting messages, in which time passes as the test says. */
function listen(...before: readonly DomainEvent[]) {
  let nowMs = START_MS;
  const hearing = createHearing(() => nowMs);
  let state = apply(twoWaiting(), before, nowMs - 5 * 60 * MINUTE_MS);
  return {
    attention: () => hearing.of(state).attention,
    pass(minutes: number) {
      nowMs += minutes * MINUTE_MS;
    },
    read: hearing.noteRead,
    happens(event: DomainEvent) {
      state = apply(state, [event], nowMs);
    },
  };
}

const offered: DomainEvent = {
  type: 'message.offered',
  data: { activityIds: [idOf(1), idOf(2)], session: 2 },
};
const popped = (number: number): DomainEvent => ({
  type: 'message.popped',
  data: { activityId: idOf(number), by: 'pop' },
});

describe('hearing', () => {
  it('tells of a host that takes nothing for ten minutes, and is silent once a message was read or popped', () => {
    const host = listen();
    host.pass(60);
    expect(host.attention()).toBeNull();
    host.happens(offered);
    host.pass(9);
    expect(host.attention()).toBeNull();
    host.pass(1);
    expect(host.attention()).toBe('2 offered, none taken in 10 minutes');
    host.read();
    expect(host.attention()).toBeNull();
    host.pass(12);
    expect(host.attention()).toBe('2 offered, none taken in 12 minutes');
    host.happens(popped(1));
    expect(host.attention()).toBeNull();
    host.pass(130);
    expect(host.attention()).toBe('1 offered, none taken in 2 hours');
    host.happens(popped(2));
    expect(host.attention()).toBeNull();
  });

  it('counts what an earlier process offered from its own start', () => {
    const host = listen({ type: 'message.offered', data: { activityIds: [idOf(1), idOf(2)], session: 1 } });
    host.pass(9);
    expect(host.attention()).toBeNull();
    host.pass(2);
    expect(host.attention()).toBe('2 offered, none taken in 11 minutes');
  });
});
