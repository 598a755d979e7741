import type { Bindings } from './bindings.ts';
import { compareText } from './wording.ts';

/** Keys whose numbers are given out by the server and so map like ids. */
const numbersLikeIds = new Set(['seq', 'acked_seq', 'last_acked_seq']);

/** Compares a recorded JSON value with ours; each text says where they differ and how. */
export function compareJson(
  recorded: unknown,
  actual: unknown,
  bindings: Bindings,
  baseUrl: string,
  path = '$',
): string[] {
  if (typeof recorded === 'string' && typeof actual === 'string') {
    return compareText(recorded, actual, bindings, baseUrl).map((what) => `${path}: ${what}`);
  }
  if (Array.isArray(recorded) && Array.isArray(actual)) {
    if (recorded.length !== actual.length) {
      return [`${path}: expected ${recorded.length} entries, got ${actual.length}: ${brief(actual)}`];
    }
    return recorded.flatMap((entry, index) =>
      compareJson(entry, actual[index], bindings, baseUrl, `${path}[${index}]`),
    );
  }
  if (isObject(recorded) && isObject(actual)) {
    const keys = new Set([...Object.keys(recorded), ...Object.keys(actual)]);
    return [...keys].sort().flatMap((key) => {
      const at = `${path}.${key}`;
      if (!(key in recorded)) return [`${at}: not in the recording: ${brief(actual[key])}`];
      if (!(key in actual)) return [`${at}: missing, expected ${brief(recorded[key])}`];
      if (numbersLikeIds.has(key) && typeof actual[key] === 'number') {
        const clash = bindings.bind(numberName(recorded[key]), numberName(actual[key]));
        return clash === undefined ? [] : [`${at}: ${clash}`];
      }
      return compareJson(recorded[key], actual[key], bindings, baseUrl, at);
    });
  }
  return Object.is(recorded, actual) ? [] : [`${path}: expected ${brief(recorded)}, got ${brief(actual)}`];
}

/** The name under which a server-given number is bound. */
export const numberName = (value: unknown): string => `number ${String(value)}`;

/** Whether a number under this key maps like an id. */
export const mapsLikeId = (key: string): boolean => numbersLikeIds.has(key);

/** Whether a JSON value is an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const brief = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
};
