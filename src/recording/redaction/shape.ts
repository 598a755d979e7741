import { isRecord } from '../../domain/record.ts';

/**
 * What may be told of a value that stands at a certain place. Goes by the place alone: what nobody has foreseen there is
 * left out, whatever it looks like; it goes no deeper than the shape does.
 */
export type Shape = (value: unknown) => unknown;

/** A rule for every field of a type, so that a new one has to be thought about; unions count as all of their members. */
export type FieldsOf<Data> = { readonly [Key in KeysOf<Data>]: Shape };

type KeysOf<Data> = Data extends unknown ? keyof Data : never;

/** An object: the fields that are known, in the order given, and none else. */
export function fields<Data = Record<string, unknown>>(shapes: FieldsOf<Data>): Shape {
  const known = new Map<string, Shape>(Object.entries(shapes));
  return (value) => {
    if (!isRecord(value)) return blank(value);
    const told = Object.entries(value).flatMap(([name, inner]) => {
      const shape = known.get(name);
      return shape === undefined ? [] : [[name, shape(inner)] as const];
    });
    return Object.fromEntries(told);
  };
}

/** A list of values of one shape. */
export function listOf(shape: Shape): Shape {
  return (value) => (Array.isArray(value) ? value.map(shape) : blank(value));
}

/** A list of two. */
export function pairOf(first: Shape, second: Shape): Shape {
  return (value) =>
    Array.isArray(value) && value.length === 2 ? [first(value[0]), second(value[1])] : blank(value);
}

/** Numbers of bytes, of tries, of microseconds. */
export const count: Shape = (value) => (typeof value === 'number' ? value : blank(value));

/** Yes or no. */
export const flag: Shape = (value) => (typeof value === 'boolean' ? value : blank(value));

/** A string, as far as `show` tells of it. */
export function textual(show: (value: string) => string): Shape {
  return (value) => (typeof value === 'string' ? show(value) : blank(value));
}

/** A text of which only the beginning is known: the mark stays that says so. */
export const cut: Shape = textual((text) =>
  text.endsWith('…') ? `${masked(text.slice(0, -1))}…` : masked(text),
);

/** What stands where it does not belong: of the same type, so that it is passed over in the same way, and empty. */
export function blank(value: unknown): unknown {
  if (typeof value === 'string') return masked(value);
  if (typeof value === 'number') return 0;
  if (typeof value === 'boolean') return false;
  if (Array.isArray(value)) return [];
  return isRecord(value) ? {} : null;
}

/** As long as the text, so that parts that are joined give what the whole gives. */
export function masked(text: string): string {
  return 'x'.repeat(text.length);
}
