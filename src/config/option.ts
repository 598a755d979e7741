import * as z from 'zod';

/** One setting: where it is read from, what it may be, what it is without being set. */
export interface Option<Schema extends z.ZodType> {
  /** The environment variable. */
  readonly variable: string;
  /** Further variables that mean the same, weaker in this order: other spellings, and other programs' names. */
  readonly aliases: readonly string[];
  /** Reads the text of a variable, a flag or the configuration file. */
  readonly schema: Schema;
  /** What it may be, in words, for an error and the documentation. */
  readonly shape: string;
  readonly example: string;
  readonly fallback: z.output<Schema>;
  readonly about: string;
  /** A switch: its flag takes no value. */
  readonly isSwitch: boolean;
}

/** What every option says. */
interface Naming {
  readonly variable: string;
  readonly aliases?: readonly string[];
  readonly about: string;
}

/** Any text; `fits` narrows it to what `shape` says. */
export function text({
  fallback = '',
  fits = /^/,
  shape = 'text',
  example,
  ...naming
}: Naming & {
  readonly fallback?: string;
  readonly fits?: RegExp;
  readonly shape?: string;
  readonly example: string;
}): Option<z.ZodType<string, string>> {
  return { ...plain, ...naming, schema: z.string().regex(fits), shape, example, fallback };
}

/** A proxy's address, `host:port` or a URL. */
export function proxy(naming: Naming): Option<z.ZodType<string, string>> {
  const schema = z
    .string()
    .transform((value) => (value.includes('://') ? value : `http://${value}`))
    .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol));
  const shape = 'the URL of an http or https proxy';
  const example = 'http://proxy.example:3128';
  return { ...plain, ...naming, schema, shape, example, fallback: '' };
}

interface Range {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}

/** A number, fractions included. */
export function number({ fallback, min, max, ...naming }: Naming & Range): Option<z.ZodType<number, string>> {
  const schema = z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));
  const shape = `a number from ${min} to ${max}`;
  return { ...plain, ...naming, schema, shape, example: String(fallback), fallback };
}

/** A whole number. */
export function integer({
  fallback,
  min,
  max,
  ...naming
}: Naming & Range): Option<z.ZodType<number, string>> {
  const schema = z.string().regex(/^\d+$/).transform(Number).pipe(z.number().int().min(min).max(max));
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return {
    ...plain,
    ...naming,
    schema,
    shape: `a whole number ${range}`,
    example: String(fallback),
    fallback,
  };
}

/** Anything but blank, 0, false, no and off counts as set (the reference takes 0 and false for set too, W-68). */
export function flag(naming: Naming): Option<z.ZodType<boolean, string>> {
  const schema = z.string().transform((value) => !/^(0|false|no|off|)$/i.test(value));
  return { ...plain, ...naming, schema, shape: '1 or 0', example: '1', fallback: false, isSwitch: true };
}

/** A number that is read as the reference reads it: whatever it is, something comes of it. */
export function lenient(
  read: (text: string) => number,
  { fallback, shape, ...naming }: Naming & { readonly fallback: number; readonly shape: string },
): Option<z.ZodType<number, string>> {
  const schema = z.string().transform(read);
  return { ...plain, ...naming, schema, shape, example: String(fallback), fallback };
}

const plain = { aliases: [], isSwitch: false } as const;
