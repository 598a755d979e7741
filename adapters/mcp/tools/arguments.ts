import * as z from 'zod';

/** Non-empty text. */
export function text(description: string) {
  return z.string().trim().min(1, 'must not be empty').describe(description);
}

/** Text as it stands, spaces included, though not blank. */
export function body(description: string) {
  return z
    .string()
    .refine((value) => value.trim() !== '', 'must not be empty')
    .describe(description);
}

/** Text that may be left out; blank counts as left out, as with the reference client. */
export function optionalText(description: string) {
  return z
    .string()
    .transform((value) => value.trim() || undefined)
    .optional()
    .describe(description);
}

/**
 * A number as hosts and models send it: a number, or one written as text. Anything else counts as not said, as with the
 * reference client; the schema still asks for a number.
 */
export function lenientNumber(type: 'integer' | 'number', description: string) {
  return z.unknown().transform(readNumber).optional().meta({ type, description });
}

/** Which own workspace acts; needed only when several are configured. */
export const sourceWorkspaceId = () =>
  optionalText('Which of your own workspaces acts. Needed only when you have several.');

/** Which own workspace is asked; all of them unless one is named. */
export const askedWorkspaceId = () =>
  optionalText('Only this one of your own workspaces; every one if left out.');

/** The message that is answered. */
export const replyTo = () =>
  optionalText(
    'activity_id of the message this answers: sends the answer where that message came from and takes the message out of the inbox once the answer is accepted.',
  );

function readNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && !Number.isNaN(number) ? number : undefined;
}

/** The fields that were given; what is undefined is left out altogether. */
export function stated<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Fields]?: Exclude<Fields[Key], undefined>;
  };
}
