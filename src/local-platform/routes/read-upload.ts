import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import type { Call } from '../http/route.ts';
import { storedFileName, storedMimeType } from '../rules/file-name.ts';
import type { Uploads } from '../world/uploads.ts';

/** One file of a multipart body; its bytes lie in the spool under its id. */
export interface ReceivedFile {
  readonly id: string;
  /** The name as sent. */
  readonly sentName: string;
  readonly name: string;
  readonly mimeType: string;
  /** Bytes sent, also beyond the cap. */
  readonly size: number;
}

/**
 * Reads a multipart body and spools the files of its field `files` (§7.1).
 *
 * @returns the files in order; undefined when the body is no multipart or exceeds `maxRequestBytes`.
 */
export async function readUpload(
  call: Call,
  uploads: Uploads,
  maxFileBytes: number,
  maxRequestBytes: number,
): Promise<ReceivedFile[] | undefined> {
  const contentType = call.headers['content-type'];
  const parser = contentType?.startsWith('multipart/form-data')
    ? createParser(contentType, call.incoming.headers)
    : undefined;
  if (parser === undefined) return undefined;

  const streams: Readable[] = [];
  const files: Promise<ReceivedFile>[] = [];
  parser.on('file', (field, stream, sentName, _encoding, mimeType) => {
    if (field !== 'files' || sentName === '') return void stream.resume();
    streams.push(stream);
    const id = randomUUID();
    const spooled = uploads.spool(id, stream, maxFileBytes).then((size) => ({
      id,
      sentName,
      name: storedFileName(sentName),
      mimeType: storedMimeType(mimeType),
      size,
    }));
    spooled.catch(() => {});
    files.push(spooled);
  });

  const whole = await feedParser(call, parser, maxRequestBytes);
  if (!whole) for (const stream of streams) stream.destroy();
  const received = await Promise.allSettled(files);
  const complete = received.filter((file) => file.status === 'fulfilled').map((file) => file.value);
  if (whole && complete.length === received.length) return complete;
  await Promise.all(complete.map((file) => uploads.discard(file.id)));
  return undefined;
}

function createParser(contentType: string, headers: Call['headers']): BusboyInstance | undefined {
  try {
    return new Busboy({
      headers: { ...headers, 'content-type': contentType },
      limits: { fileSize: Infinity },
    });
  } catch {
    return undefined;
  }
}

/** Hands the body to the parser; false when it is too large or malformed. The rest is read and thrown away. */
async function feedParser(call: Call, parser: BusboyInstance, maxBytes: number): Promise<boolean> {
  let failed = false;
  const finished = new Promise<void>((resolve) => {
    parser.once('finish', resolve);
    parser.once('error', () => {
      failed = true;
      resolve();
    });
  });
  let size = 0;
  try {
    for await (const chunk of call.incoming as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (failed || size > maxBytes) continue;
      if (!parser.write(chunk)) {
        await Promise.race([new Promise((resolve) => parser.once('drain', resolve)), finished]);
      }
    }
  } catch {
    // The client went away in the middle: what came so far is no whole body.
    failed = true;
  }
  if (failed || size > maxBytes) {
    parser.destroy();
    return false;
  }
  parser.end();
  await finished;
  return !failed;
}
