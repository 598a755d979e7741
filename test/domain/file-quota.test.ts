import { describe, expect, it } from 'vitest';
import { planFileRemoval, type QuotaFile } from '../../src/domain/file-quota.ts';

const file = (fileId: string, atMs: number, bytes = 10): QuotaFile => ({ fileId, atMs, bytes });
const NONE = new Set<string>();

describe('which staged files go', () => {
  const files = [file('young', 900), file('old', 100), file('middle', 500)];

  it('none while all are young and fit', () => {
    expect(planFileRemoval(files, NONE, 1000, { maxAgeMs: 900, maxBytes: 30 })).toEqual([]);
  });

  it('those past their age', () => {
    expect(planFileRemoval(files, NONE, 1000, { maxAgeMs: 499, maxBytes: 30 })).toEqual(['old', 'middle']);
  });

  it('the oldest until the rest fits, and not one more', () => {
    expect(planFileRemoval(files, NONE, 1000, { maxAgeMs: 9000, maxBytes: 29 })).toEqual(['old']);
    expect(planFileRemoval(files, NONE, 1000, { maxAgeMs: 9000, maxBytes: 20 })).toEqual(['old']);
    expect(planFileRemoval(files, NONE, 1000, { maxAgeMs: 9000, maxBytes: 19 })).toEqual(['old', 'middle']);
    expect(planFileRemoval(files, NONE, 1000, { maxAgeMs: 9000, maxBytes: 0 })).toEqual([
      'old',
      'middle',
      'young',
    ]);
  });

  it('never what a waiting message shows, which takes its room all the same', () => {
    const shown = new Set(['old']);
    expect(planFileRemoval(files, shown, 10_000, { maxAgeMs: 1, maxBytes: 0 })).toEqual(['middle', 'young']);
    expect(planFileRemoval(files, shown, 1000, { maxAgeMs: 9000, maxBytes: 29 })).toEqual(['middle']);
  });
});
