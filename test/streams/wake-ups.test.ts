import { describe, it } from 'vitest';
import type { WakeUp } from '../../src/domain/ports/platform.ts';
import { wakeUps } from '../../streams/wake-ups.ts';
import { marbles } from '../support/marbles.ts';

const frame = (type: string, data: WakeUp['data'] = {}): WakeUp => ({ type, data });
const message = frame('ACTIVITY_LOGGED', { activity_type: 'a2a_receive' });
const HINTS = { o: { type: 'wakeUps.opened' }, w: { type: 'feed.wake' } };

describe('wakeUps', () => {
  it('says at the first frame that the stream is open, not at an answer that a proxy may have given alone, and no more', () => {
    marbles(({ cold, expectObservable }) => {
      const frames = cold('5ms o 30s h 1s h', { o: frame('open'), h: frame('WORKSPACE_HEARTBEAT') });
      expectObservable(wakeUps(frames)).toBe('6ms 30s o', HINTS);
    });
  });

  it('wakes at once for a first frame, and once for all that follow within 100 ms', () => {
    marbles(({ cold, expectObservable }) => {
      const frames = cold('o 9ms m 9ms m 9ms m 300ms m', { o: frame('open'), m: message });
      expectObservable(wakeUps(frames)).toBe('10ms (ow) 96ms w 220ms w', HINTS);
    });
  });

  it.each([
    message,
    frame('DELEGATION_COMPLETE'),
    frame('DELEGATION_FAILED'),
    frame('BROADCAST_MESSAGE'),
    frame('REQUEST_CREATED'),
  ])('wakes for $type', (waking) => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(wakeUps(cold('o 9ms m', { o: frame('open'), m: waking }))).toBe('10ms (ow)', HINTS);
    });
  });

  it.each([
    frame('ACTIVITY_LOGGED', { activity_type: 'a2a_send' }),
    frame('ACTIVITY_LOGGED', { activity_type: 7 }),
    frame('AGENT_MESSAGE'),
    frame('WORKSPACE_HEARTBEAT'),
    frame('USER_MESSAGE'),
    frame('DELEGATION_STATUS'),
    frame('SOMETHING_NEW'),
  ])('sleeps on through $type', (idle) => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(wakeUps(cold('o 9ms m', { o: frame('open'), m: idle }))).toBe('10ms o', HINTS);
    });
  });

  it('ends and fails as the stream does', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const cut = cold('o 9ms #', { o: frame('open') });
      expectObservable(wakeUps(cut)).toBe('10ms #', HINTS);
      expectSubscriptions(cut.subscriptions).toBe('^ 9ms !');
      expectObservable(wakeUps(cold('o 9ms |', { o: frame('open') }))).toBe('10ms |', HINTS);
      const left = cold('o', { o: frame('open') });
      expectObservable(wakeUps(left), '^ 49ms !').toBe('', HINTS);
      expectSubscriptions(left.subscriptions).toBe('^ 49ms !');
    });
  });
});
