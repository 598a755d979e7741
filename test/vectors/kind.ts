import type * as z from 'zod';

/**
 * One kind of vector file: how the product's own function is called with a case's input, with its answer put into the
 * reference's words. Never a function written for the vectors.
 */
export interface VectorKind {
  readonly input: z.ZodType;
  readonly answer: (input: unknown) => unknown;
  /** Puts an expected value into our words, where the reference speaks Python; as it is without. */
  readonly translate?: (expected: unknown) => unknown;
  readonly differences: readonly Difference[];
}

/** Where we differ from the reference on purpose: told by the input alone, never by a case's name. */
export interface Difference {
  readonly reason: string;
  readonly applies: (input: unknown) => boolean;
  /** What we promise instead; an answer that is neither the reference's nor this one fails. */
  readonly promises: (answer: unknown, expected: unknown, input: unknown) => boolean;
}

/** A kind whose functions see the input as its schema parses it. */
export function vectorKind<Schema extends z.ZodType, Answer>(kind: {
  readonly input: Schema;
  readonly answer: (input: z.output<Schema>) => Answer;
  readonly translate?: (expected: unknown) => unknown;
  readonly differences?: readonly TypedDifference<z.output<Schema>, Answer>[];
}): VectorKind {
  return { differences: [], ...kind } as VectorKind;
}

/** A {@link Difference} of one kind. */
export interface TypedDifference<Input, Answer> {
  readonly reason: string;
  readonly applies: (input: Input) => boolean;
  readonly promises: (answer: Answer, expected: unknown, input: Input) => boolean;
}
