import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
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

  it('ends with one line of counts and tells whether all is well', () => {
    const folder = mkdtempSync(join(tmpdir(), 'vectors-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const run = (cases: readonly object[] | null) => {
      if (cases) writeFileSync(join(folder, 'poll_timeout.json'), JSON.stringify(cases));
      const lines: string[] = [];
      return { ok: runVectors(folder, (line) => lines.push(line)), last: lines.at(-1), lines };
    };
    const right = { name: 'right', input: '5', expected: 5 };
    const wrong = { name: 'wrong\nname', input: '5', expected: 6 };
    expect(run(null)).toMatchObject({ ok: false, last: '0 passed, 0 failed, 0 skipped' });
    expect(run([right])).toMatchObject({ ok: true, last: '1 passed, 0 failed, 0 skipped' });
    expect(run([right, wrong])).toMatchObject({
      ok: false,
      last: '1 passed, 1 failed, 0 skipped',
      lines: [expect.stringContaining('poll_timeout.json › wrong\\nname'), expect.anything()],
    });
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
