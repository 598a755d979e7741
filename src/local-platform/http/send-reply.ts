import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip } from 'node:zlib';
import type { BodyFault } from '../faults/fault.ts';
import type { Reply } from './reply.ts';

/** The server announces the length of what fits its first write buffer, and sends longer JSON in chunks. */
const sizedUpToBytes = 2048;

/** Sends a reply, bent by whatever faults meet it. Resolves when it is out or its connection gone. */
export async function sendReply(reply: Reply, response: ServerResponse, faults: readonly BodyFault[]) {
  const { body } = reply;
  if (body.kind === 'stream') {
    response.writeHead(reply.status, reply.headers);
    response.flushHeaders();
    body.start({
      write: (text) => response.write(text),
      cut: () => response.destroy(),
      onClose: (listener) => response.once('close', listener),
    });
    return;
  }

  const size = body.kind === 'file' ? body.size : body.bytes.length;
  let bytes: Readable = body.kind === 'file' ? body.open() : Readable.from(slices(body.bytes));
  let length: number | undefined = body.kind === 'file' || size <= sizedUpToBytes ? size : undefined;
  const headers: Record<string, string> = { ...reply.headers };
  let ending: 'end' | 'destroy' | 'stall' = 'end';
  for (const fault of faults) {
    if (fault.kind === 'truncate' || fault.kind === 'stall') {
      length ??= size;
      bytes = Readable.from(upTo(bytes, fault.afterBytes));
      ending = fault.kind === 'stall' ? 'stall' : 'destroy';
    } else if (fault.kind === 'shorten') {
      length = Math.min(size, fault.toBytes);
      bytes = Readable.from(upTo(bytes, fault.toBytes));
    } else if (fault.kind === 'drip') {
      bytes = Readable.from(dripping(bytes, fault.chunkBytes, fault.everyMs));
    } else if (fault.kind === 'unsized') {
      length = undefined;
    } else {
      length = undefined;
      headers['content-encoding'] = 'gzip';
      bytes = bytes.pipe(createGzip());
    }
  }

  if (length !== undefined) headers['content-length'] = String(length);
  response.writeHead(reply.status, headers);
  response.flushHeaders();
  const closed = new Promise((resolve) => response.once('close', resolve));
  for await (const chunk of bytes) {
    if (response.destroyed) return;
    if (response.write(chunk)) continue;
    await Promise.race([new Promise((drained) => response.once('drain', drained)), closed]);
  }
  if (ending === 'end') response.end();
  if (ending === 'destroy') response.destroy();
}

const sliceBytes = 64 * 1024;

function* slices(bytes: Buffer) {
  for (let at = 0; at < bytes.length; at += sliceBytes) yield bytes.subarray(at, at + sliceBytes);
}

async function* upTo(bytes: AsyncIterable<Buffer>, limit: number) {
  let sent = 0;
  for await (const chunk of bytes) {
    yield chunk.subarray(0, limit - sent);
    sent += chunk.length;
    if (sent >= limit) return;
  }
}

async function* dripping(bytes: AsyncIterable<Buffer>, chunkBytes: number, everyMs: number) {
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += chunkBytes) {
      yield chunk.subarray(at, at + chunkBytes);
      await sleep(everyMs);
    }
  }
}
