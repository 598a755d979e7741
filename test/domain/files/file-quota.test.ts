import { describe, expect, it } from 'vitest';
import { planForgetting } from '../../../src/domain/files/file-quota.ts';
import type { Upload } from '../../../src/domain/files/upload.ts';
import { uploadOf } from '../../support/uploads.ts';

const file = (fileId: string, announcedAtMs: number, over: Partial<Upload> = {}): Upload => ({
  ...uploadOf(1, { outcome: { status: 'staged', path: '/f', bytes: 10, mimeType: '' } }),
  fileId,
  announcedAtMs,
  shownBy: 'm1',
  ...over,
});
const NONE = new Set<string>();

describe('which files go', () => {
  const files = [file('young', 900), file('old', 100), file('middle', 500)];

  it('none while all are young and fit', () => {
    expect(planForgetting(files, NONE, 1000, { maxAgeMs: 900, maxBytes: 30 })).toEqual([]);
  });

  it('those past their age', () => {
    expect(planForgetting(files, NONE, 1000, { maxAgeMs: 499, maxBytes: 30 })).toEqual(['old', 'middle']);
  });

  it.each([
    [29, ['old']],
    [20, ['old']],
    [19, ['old', 'middle']],
    [0, ['old', 'middle', 'young']],
  ])('the oldest until the rest fits into %i bytes, and not one more', (maxBytes, gone) => {
    expect(planForgetting(files, NONE, 1000, { maxAgeMs: 9000, maxBytes })).toEqual(gone);
  });

  it('never what a waiting message shows, which takes its room all the same', () => {
    const shown = new Set(['old']);
    expect(planForgetting(files, shown, 10_000, { maxAgeMs: 1, maxBytes: 0 })).toEqual(['middle', 'young']);
    expect(planForgetting(files, shown, 1000, { maxAgeMs: 9000, maxBytes: 29 })).toEqual(['middle']);
  });

  it('never what no message has shown yet', () => {
    const alone = file('alone', 100, { shownBy: null });
    const late = file('late', 100, { missedBy: 'm1' });
    expect(planForgetting([alone, late], NONE, 10_000, { maxAgeMs: 1, maxBytes: 0 })).toEqual([]);
  });

  it('of those without a copy here the aged ones, unless they are still being fetched', () => {
    const gone = file('gone', 100, { outcome: { status: 'expired', reason: '' } });
    const busy = file('busy', 100, { outcome: { status: 'failed', reason: '' } });
    const perhapsOwn = file('own', 100, {
      outcome: { status: 'pending', reason: '' },
      sendingId: 's1',
    });
    const all = [gone, busy, perhapsOwn];
    expect(planForgetting(all, NONE, 1000, { maxAgeMs: 499, maxBytes: 0 })).toEqual(['gone', 'own']);
    expect(planForgetting(all, NONE, 1000, { maxAgeMs: 9000, maxBytes: 0 })).toEqual([]);
  });
});
