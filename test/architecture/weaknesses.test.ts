import { describe, expect, it } from 'vitest';
import { missingEvidence, readEvidenceRows } from './evidence.ts';

/** How many weaknesses of the Python client are known. */
const COUNT = 71;

const rows = readEvidenceRows('docs/weaknesses.md', /^W-\d+$/);

describe('docs/weaknesses.md', () => {
  it('names every weakness once, in order', () => {
    expect(rows.map(({ id }) => id)).toEqual(Array.from({ length: COUNT }, (_, index) => `W-${index + 1}`));
  });

  it('names for each a test whose title bears its number', () => {
    const bare = rows.filter(
      ({ id, evidence }) => !evidence.some(({ title }) => new RegExp(`${id}(?!\\d)`).test(title)),
    );
    expect(bare.map(({ id }) => id)).toEqual([]);
  });

  it('names files and titles that exist', () => {
    expect(missingEvidence(rows)).toEqual([]);
  });
});
