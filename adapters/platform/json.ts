import type * as z from 'zod';
import { PlatformError } from '../../src/domain/wire/platform-error.ts';
import type { Reply } from './wire.ts';

/** Parses; undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads a body whole, at most `maxBytes` of it. We ask for plain bytes, so a compressed body is malformed: nothing is
 * ever expanded (W-40).
 */
export async function readText(reply: Reply, maxBytes: number): Promise<string> {
  assertPlain(reply);
  if (Number(reply.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(reply, maxBytes);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  await reply.body((chunk) => {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(reply, maxBytes);
    chunks.push(chunk);
  });
  return Buffer.concat(chunks).toString('utf8');
}

/** Refuses a body that was compressed although we asked for none. */
export function assertPlain(reply: Reply): void {
  const encoding = reply.headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() === 'identity') return;
  reply.end();
  throw malformed(reply, 'a compressed body, although none was asked for');
}

/** Parses a body and checks its shape; what it has beyond the shape is left alone. An empty body is `null`. */
export function checked<T>(reply: Reply, shape: z.ZodType<T>, text: string): T {
  const body = text === '' ? null : parseJson(text);
  if (body === undefined)
    throw malformed(reply, /^\s*</.test(text) ? 'a web page' : 'no JSON, or a part of it');
  const result = shape.safeParse(body);
  if (result.success) return result.data;
  const where = result.error.issues[0]?.path.join('.').slice(0, 60);
  throw malformed(reply, where ? `JSON of another shape (at ${where})` : 'JSON of another shape');
}

/** The error for a reply that is not what the protocol says. */
export function malformed(reply: Reply, what: string): PlatformError {
  return new PlatformError('malformed', `${reply.what} was answered with ${what} (${reply.status})`, {
    status: reply.status,
  });
}

function tooLarge(reply: Reply, maxBytes: number): PlatformError {
  reply.end();
  return new PlatformError('too-large', `${reply.what} was answered with more than ${maxBytes} bytes`, {
    status: reply.status,
  });
}
