import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { judgeCase, judgeFile } from './judge.ts';
import { vectorKind } from './kind.ts';
import { vectorKinds } from './kinds.ts';
import { runVectors, vectorFiles } from './run.ts';

const fixtures = join(import.meta.dirname, '../fixtures/vectors');
/** Where the vectors live beside a checkout that has them; a user's clone has only the copies in fixtures. */
const shared = join(import.meta.dirname, '../../../shared/vectors');

describe('the reference vectors', () => {
  it('are of every kind that the runner knows', () => {
    expect(vectorFiles(fixtures)).toEqual([...vectorKinds.keys()].sort());
  });

  describe.each(vectorFiles(fixtures))('%s', (fileName) => {
    const verdicts = judgeFile(fileName, readFileSync(join(fixtures, fileName), 'utf8'));
    it.for(verdicts)('$name', (verdict, { skip }) => {
      if (verdict.outcome === 'skipped') skip(verdict.reason);
      expect(verdict.outcome, 'reason' in verdict ? verdict.reason : '').toBe('passed');
    });
  });

  it.skipIf(!existsSync(shared))('agree with the shared ones (skipped where there are none)', () => {
    const lines: string[] = [];
    expect(
      runVectors(shared, (line) => lines.push(line)),
      lines.join('\n'),
    ).toBe(true);
    expect(lines.at(-1)).toMatch(/^\d+ passed, 0 failed, \d+ skipped$/);
  });
});

describe('the runner', () => {
  const doubled = vectorKind({
    input: z.number(),
    answer: (input) => {
      if (input === 13) throw new Error('unlucky');
      return input * 2;
    },
    differences: [
      { reason: 'zero is one here', applies: (input) => input === 0, promises: (answer) => answer === 1 },
    ],
  });
  const outcome = (input: unknown, expected: unknown) =>
    judgeCase(doubled, { name: 'case', input, expected }).outcome;

  it('fails whatever is not the expected answer', () => {
    expect(outcome(2, 4)).toBe('passed');
    expect(outcome(2, 5)).toBe('failed');
    expect(outcome('2', 4)).toBe('failed');
    expect(outcome(13, 26)).toBe('failed');
  });

  it('fails a purposeful difference that does not keep its own promise', () => {
    expect(outcome(0, 7)).toBe('failed');
  });

  it('fails a file that nobody knows, that is no JSON, or that holds no case', () => {
    expect(judgeFile('new_kind.json', '[]')).toMatchObject([{ outcome: 'failed' }]);
    expect(judgeFile('peer_id.json', '[')).toMatchObject([{ outcome: 'failed' }]);
    expect(judgeFile('peer_id.json', '[]')).toMatchObject([{ outcome: 'failed' }]);
  });

  it('catches a wrong answer of the product in every kind of vector', () => {
    for (const fileName of vectorFiles(fixtures)) {
      const cases = z
        .array(z.record(z.string(), z.unknown()))
        .parse(JSON.parse(readFileSync(join(fixtures, fileName), 'utf8')));
      const spoilt = cases.map((each) => ({ ...each, expected: { spoilt: each.expected } }));
      const verdicts = judgeFile(fileName, JSON.stringify(spoilt));
      expect(
        verdicts.some((verdict) => verdict.outcome === 'passed'),
        fileName,
      ).toBe(false);
      expect(
        verdicts.some((verdict) => verdict.outcome === 'failed'),
        fileName,
      ).toBe(true);
    }
  });
});
