import * as z from 'zod';

/** What one window says to another: the first and only line on a connection. */
export type Saying = z.infer<typeof saying>;

/** Reads such a line; null for anything else. */
export function readSaying(line: unknown): Saying | null {
  return saying.safeParse(line).data ?? null;
}

/** What comes back on `ask` and `claim`. `notDelivering`: ask again, delivery is just changing hands. */
export type Reply = z.infer<typeof reply>;

/** Reads a reply. Rejects anything else. */
export function readReply(line: unknown): Reply {
  return reply.parse(line);
}

const key = z.string();

const saying = z.union([
  /** I wait behind your place of this number: close this connection when it ceases to be yours. */
  z.strictObject({ wait: key, behind: z.number() }),
  z.strictObject({ ask: key, request: z.unknown() }),
  /** Let me deliver, under the name of this endpoint. */
  z.strictObject({ claim: key, heir: z.string().regex(/^\d+-[0-9a-f]{8}\.(sock|addr)$/) }),
]);

const reply = z.union([
  z.strictObject({ reply: z.unknown() }),
  z.strictObject({ error: z.string() }),
  z.strictObject({ notDelivering: z.literal(true) }),
]);
