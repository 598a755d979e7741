import type { IncomingMessage } from 'node:http';

/** Reads a request body as text, keeping at most `maxBytes` of it and throwing the rest away. */
export async function readBody(
  incoming: IncomingMessage,
  maxBytes: number,
): Promise<{ text: string; truncated: boolean }> {
  const kept: Buffer[] = [];
  let room = maxBytes;
  let truncated = false;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    if (chunk.length > room) truncated = true;
    if (room > 0) kept.push(chunk.subarray(0, room));
    room = Math.max(0, room - chunk.length);
  }
  return { text: Buffer.concat(kept).toString('utf8'), truncated };
}
