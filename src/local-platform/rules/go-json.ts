import * as z from 'zod';
import { writeJson } from './deep-json.ts';

/** A text field as the server reads it: absent and null are the empty string, another type refuses the body. */
export const goText = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

/** A whole number as the server reads it: absent and null are 0, a fraction or another type refuses the body. */
export const goInteger = z
  .int()
  .nullish()
  .transform((value) => value ?? 0);

/** A number as the server reads it: absent and null are 0. */
export const goNumber = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);

/** A flag as the server reads it: absent and null are false. */
export const goFlag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);

/** Any JSON value, or undefined where the key is absent. */
export const goRaw = z.unknown().optional();

/**
 * Decodes a request body as leniently as the server does (§1.2): unknown keys are ignored, the case of known keys
 * does not matter, a wrong type fails the whole body.
 *
 * @returns the decoded fields, or undefined when the body is refused.
 */
export function decodeBody<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  text: string,
): z.output<z.ZodObject<Shape>> | undefined {
  const value = parseJson(text);
  if (!isObject(value)) return undefined;
  const known = new Map(Object.keys(schema.shape).map((key) => [key.toLowerCase(), key]));
  const fields: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    const name = known.get(key.toLowerCase());
    if (name !== undefined) fields[name] = field;
  }
  const decoded = schema.safeParse(fields);
  return decoded.success ? decoded.data : undefined;
}

/** Parses JSON; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a JSON value is an object: no array, no null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const unsafe = /[<>&\u2028\u2029]/g;

/** Writes JSON as the server does: `<`, `>`, `&` and the two line separators leave as `\u003c`-style escapes (§1.2). */
export function encodeJson(value: unknown): string {
  return writeJson(value).replace(
    unsafe,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Whether any text in a JSON value, however deep, holds U+0000, which the server's database refuses to store (§4.3). */
export function holdsNul(value: unknown): boolean {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string' && next.includes('\u0000')) return true;
    if (typeof next !== 'object' || next === null) continue;
    for (const [key, inner] of Object.entries(next)) {
      if (key.includes('\u0000')) return true;
      open.push(inner);
    }
  }
  return false;
}
