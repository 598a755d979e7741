import { VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createErrand, type ErrandParts } from '../../src/bridge/errand.ts';

/** An errand whose work ends when a test says so; what came of each, in order. */
function open(parts: Partial<ErrandParts> = {}) {
  const scheduler = new VirtualTimeScheduler();
  const works: Work[] = [];
  const errand = createErrand({
    work: (signal) =>
      new Promise((resolve, reject) => {
        works.push({ atMs: scheduler.now(), signal, resolve, reject });
      }),
    afterMs: 50,
    askedMeanwhile: 'once more',
    scheduler,
    ...parts,
  });
  /** Lets what is settled be heard, then the time run on. */
  const pass = async () => {
    await new Promise(setImmediate);
    scheduler.flush();
  };
  return { errand, works, pass };
}

interface Work {
  readonly atMs: number;
  readonly signal: AbortSignal;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

describe('an errand', () => {
  it('is done once for all who ask before it begins, and again when asked again', async () => {
    const { errand, works, pass } = open();
    errand.ask();
    errand.ask();
    await pass();
    expect(works.map(({ atMs }) => atMs)).toEqual([50]);
    works[0]?.resolve();
    await pass();
    expect(works).toHaveLength(1);
    errand.ask();
    await pass();
    expect(works.map(({ atMs }) => atMs)).toEqual([50, 100]);
  });

  it('is done exactly once more for those who ask while it is under way, after a pause', async () => {
    const { errand, works, pass } = open({ againAfterMs: 250 });
    errand.ask();
    await pass();
    errand.ask();
    errand.ask();
    await pass();
    expect(works).toHaveLength(1);
    works[0]?.reject(new Error('refused'));
    await pass();
    expect(works.map(({ atMs }) => atMs)).toEqual([50, 300]);
    works[1]?.resolve();
    await pass();
    expect(works).toHaveLength(2);
  });

  it('is begun anew where what is under way may be out of date', async () => {
    const { errand, works, pass } = open({ askedMeanwhile: 'anew' });
    errand.ask();
    await pass();
    errand.ask();
    expect(works[0]?.signal.aborted).toBe(true);
    await pass();
    works[0]?.reject(new Error('aborted'));
    await pass();
    expect(works.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    works[1]?.resolve();
    await pass();
    expect(works).toHaveLength(2);
  });

  it('ends before it begins and while it is under way', async () => {
    const early = open();
    early.errand.ask();
    early.errand.end();
    await early.pass();
    expect(early.works).toEqual([]);

    const late = open();
    late.errand.ask();
    await late.pass();
    late.errand.ask();
    late.errand.end();
    expect(late.works[0]?.signal.aborted).toBe(true);
    late.works[0]?.reject(new Error('aborted'));
    await late.pass();
    late.errand.ask();
    await late.pass();
    expect(late.works).toHaveLength(1);
  });
});
