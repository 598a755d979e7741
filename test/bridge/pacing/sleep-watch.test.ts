import { afterEach, describe, expect, it, vi } from 'vitest';
import { watchSleep } from '../../../src/bridge/pacing/sleep-watch.ts';

afterEach(() => {
  vi.useRealTimers();
});

describe('watching for sleep', () => {
  function watch() {
    vi.useFakeTimers();
    const woken: number[] = [];
    const end = watchSleep({ clock: Date.now, onWoken: (sleptMs) => woken.push(sleptMs) });
    return { woken, end };
  }

  it('says nothing while timers come in time', () => {
    const { woken } = watch();
    vi.advanceTimersByTime(600_000);
    expect(woken).toEqual([]);
  });

  it('says once how long the process stood still', () => {
    const { woken } = watch();
    vi.advanceTimersByTime(10_000);
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(20_000);
    expect(woken).toEqual([3_600_000]);
  });

  it('does not mind a busy second, nor a clock that steps back', () => {
    const { woken } = watch();
    vi.setSystemTime(Date.now() + 9_000);
    vi.advanceTimersByTime(2_000);
    vi.setSystemTime(Date.now() - 7_200_000);
    vi.advanceTimersByTime(60_000);
    expect(woken).toEqual([]);
  });

  it('ends when told', () => {
    const { woken, end } = watch();
    end();
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(20_000);
    expect(woken).toEqual([]);
  });
});
