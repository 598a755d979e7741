import { readFileSync } from 'node:fs';
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

describe('docs/differences.md', () => {
  it('says of every weakness what is done instead', () => {
    const document = readFileSync('docs/differences.md', 'utf8');
    const numbers = document.split('\n').flatMap((line) => lastCell(line).match(/(?<![\w-])\d+/g) ?? []);
    const told = new Set(numbers.map(Number));
    expect(rows.map((_, index) => index + 1).filter((number) => !told.has(number))).toEqual([]);
  });
});

/** The numbers stand in the last column of a table. */
function lastCell(line: string): string {
  return line.startsWith('|') ? (line.split('|').at(-2) ?? '') : '';
}
