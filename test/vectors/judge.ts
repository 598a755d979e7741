import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { VectorKind } from './kind.ts';
import { vectorKinds } from './kinds.ts';

/** What came of one case, or of a file that could not be read as cases. */
export type Verdict =
  | { readonly outcome: 'passed'; readonly name: string }
  | { readonly outcome: 'skipped'; readonly name: string; readonly reason: string }
  | { readonly outcome: 'failed'; readonly name: string; readonly reason: string };

/** Judges one vector file by its name and text. Never throws: whatever cannot be judged has failed. */
export function judgeFile(fileName: string, text: string): readonly Verdict[] {
  const kind = vectorKinds.get(fileName);
  if (!kind) return [{ outcome: 'failed', name: fileName, reason: 'nobody knows this kind of vector' }];
  const cases = readCases(text);
  if (!cases)
    return [{ outcome: 'failed', name: fileName, reason: 'not a JSON array of {name, input, expected}' }];
  return cases.map((each) => judgeCase(kind, each));
}

/**
 * A case passes when the answer is the expected one. A purposeful difference is skipped only if what it promises instead
 * holds; whatever throws has failed.
 */
export function judgeCase(kind: VectorKind, { name, input: raw, expected: theirs }: VectorCase): Verdict {
  try {
    const input = kind.input.parse(raw);
    const expected = kind.translate ? kind.translate(theirs) : theirs;
    const answer = kind.answer(input);
    if (isDeepStrictEqual(answer, expected)) return { outcome: 'passed', name };
    const difference = kind.differences.find(
      ({ applies, promises }) => applies(input) && promises(answer, expected, input),
    );
    if (difference) return { outcome: 'skipped', name, reason: difference.reason };
    const [wanted, got] = [expected, answer].map((value) => JSON.stringify(value)?.slice(0, MAX_SHOWN_CHARS));
    return { outcome: 'failed', name, reason: `expected ${wanted}\n      got      ${got}` };
  } catch (error) {
    return { outcome: 'failed', name, reason: `threw ${error}` };
  }
}

type VectorCase = z.output<typeof caseSchema>;

function readCases(text: string): readonly VectorCase[] | null {
  try {
    return z.array(caseSchema).min(1).parse(JSON.parse(text));
  } catch {
    return null;
  }
}

const caseSchema = z.object({ name: z.string(), input: z.unknown(), expected: z.unknown() });
const MAX_SHOWN_CHARS = 1000;
