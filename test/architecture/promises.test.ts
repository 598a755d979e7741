import { describe, expect, it } from 'vitest';
import { missingEvidence, patternOf, readEvidenceRows } from './evidence.ts';

/** How many promises each of the ten changes made: C1 has 35, and so on. */
const COUNTS = [35, 12, 8, 2, 5, 20, 18, 11, 2, 1];

const rows = readEvidenceRows('docs/promises.md', /^C\d+-\d+$/);

describe('docs/promises.md', () => {
  it('names every promise once, in order', () => {
    const ids = COUNTS.flatMap((count, index) =>
      Array.from({ length: count }, (_, number) => `C${index + 1}-${number + 1}`),
    );
    expect(rows.map(({ id }) => id)).toEqual(ids);
  });

  it('names a test for each', () => {
    const bare = rows.filter(({ evidence }) => !evidence.some(({ title }) => title !== ''));
    expect(bare.map(({ id }) => id)).toEqual([]);
  });

  it('names files and titles that exist', () => {
    expect(missingEvidence(rows)).toEqual([]);
  });
});

describe('the check of titles', () => {
  it('takes a title with its placeholders as they stand or filled in, and no other', () => {
    const pattern = patternOf(`says %s of \${name} and $who.name`);
    expect('says %s of x and $who.name').toMatch(pattern);
    expect('says "a b" of anna and ben').toMatch(pattern);
    expect('says nothing').not.toMatch(pattern);
  });

  it('takes a title of nothing but placeholders only as it stands', () => {
    expect('%s').toMatch(patternOf('%s'));
    expect('anything').not.toMatch(patternOf('%s'));
  });
});
