import { mergeMap, of } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createSlots, withSlot } from '../../streams/slots.ts';
import { marbles } from '../support/marbles.ts';

describe('slots', () => {
  it('let that many run at once and the others wait their turn', () => {
    marbles(({ cold, expectObservable }) => {
      const slots = createSlots(2);
      const result = cold('(abcd|)').pipe(
        mergeMap((name) => cold('10ms (x|)', { x: name }).pipe(withSlot(slots))),
      );
      expectObservable(result).toBe('10ms (ab) 6ms (cd|)');
    });
  });

  it('are given back by an error and by an unsubscription, and a turn that is given up is skipped', () => {
    marbles(({ cold, expectObservable }) => {
      const slots = createSlots(1);
      const fails = cold('10ms #').pipe(withSlot(slots));
      const leaves = cold('60s (x|)').pipe(withSlot(slots));
      const givesUp = cold('5ms (x|)').pipe(withSlot(slots));
      const last = cold('5ms (x|)').pipe(withSlot(slots));
      expectObservable(fails).toBe('10ms #');
      expectObservable(leaves, '^ 29ms !').toBe('-');
      expectObservable(givesUp, '^ 19ms !').toBe('-');
      expectObservable(last).toBe('35ms (x|)');
    });
  });

  it('are shared fairly: one workspace with much to do takes no more than its own limit of the queue', () => {
    marbles(({ cold, expectObservable }) => {
      const shared = createSlots(2);
      const work = (name: string, own: ReturnType<typeof createSlots>) =>
        cold('10ms (x|)', { x: name }).pipe(withSlot(shared), withSlot(own));
      const [busy, quiet] = [createSlots(2), createSlots(2)];
      const result = cold('(aaaaaaz|)').pipe(mergeMap((name) => work(name, name === 'z' ? quiet : busy)));
      expectObservable(result).toBe('10ms (aa) 6ms (za) 6ms (aa) 6ms (a|)');
    });
  });

  it('give however many turns that end at once, without a call deep for each', () => {
    const slots = createSlots(1);
    let done = 0;
    const leave = slots.enter(() => {});
    for (let turn = 0; turn < 5_000; turn += 1) {
      of(turn)
        .pipe(withSlot(slots))
        .subscribe(() => {
          done += 1;
        });
    }
    expect(done).toBe(0);
    leave();
    expect(done).toBe(5_000);
  });
});
