import type { IncomingMessage } from 'node:http';
import { Busboy } from '@fastify/busboy';
import { describe, expect, it } from 'vitest';
import type { OutgoingFile } from '../../../src/domain/ports/platform.ts';
import { startOddServer } from '../../support/odd-server.ts';
import { fileOf, forever, platformAt, refusal } from '../../support/platform-client.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { until } from '../../support/until.ts';

interface ReceivedPart {
  readonly field: string;
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly start: string;
}

/** A server that reads multipart bodies and answers as the platform does; `received` fills as parts end. */
async function startReceiver() {
  const received: ReceivedPart[] = [];
  const server = await startOddServer((request, response) => {
    readParts(request, (part) => received.push(part)).then(
      () => {
        const files = received.map(({ name, type, bytes }) => ({
          uri: `platform-pending:x/${name}`,
          name,
          mimeType: type,
          size: bytes,
        }));
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ files }));
      },
      () => response.destroy(),
    );
  });
  return { ...server, received };
}

function readParts(request: IncomingMessage, onPart: (part: ReceivedPart) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const parser = new Busboy({
      headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' },
    });
    parser.on('file', (field, stream, name, _encoding, type) => {
      let bytes = 0;
      let start = '';
      stream.on('data', (chunk: Buffer) => {
        if (start.length < 20) start = (start + chunk.toString()).slice(0, 20);
        bytes += chunk.length;
      });
      stream.on('end', () => onPart({ field, name, type, bytes, start }));
    });
    parser.on('finish', resolve);
    parser.on('error', reject);
    request.on('aborted', () => reject(new Error('aborted')));
    request.pipe(parser);
  });
}

/** A file of zeros that is made piece by piece, and says when it was opened and closed. */
function zeros(size: number) {
  const state = { opened: 0, closed: 0 };
  const file: OutgoingFile = {
    name: 'zeros.bin',
    mimeType: 'application/octet-stream',
    size,
    async *open() {
      state.opened += 1;
      try {
        const piece = new Uint8Array(65_536);
        for (let left = size; left > 0; left -= piece.length) yield piece.subarray(0, left);
      } finally {
        state.closed += 1;
      }
    },
  };
  return { file, state };
}

describe('uploadFiles', () => {
  it('sends every file as a part, in order, and gives what the platform made of them', async () => {
    const server = await startReceiver();
    const files = [
      fileOf('a.txt', 'first'),
      fileOf('b "2".pdf', 'second', 'application/pdf'),
      fileOf('ü.txt', 'dritte'),
    ];
    const uploaded = await platformAt(server.url).uploadFiles(files, forever);
    expect(server.received).toEqual([
      { field: 'files', name: 'a.txt', type: 'text/plain', bytes: 5, start: 'first' },
      { field: 'files', name: 'b %222%22.pdf', type: 'application/pdf', bytes: 6, start: 'second' },
      { field: 'files', name: 'ü.txt', type: 'text/plain', bytes: 6, start: 'dritte' },
    ]);
    expect(uploaded).toHaveLength(3);
    expect(uploaded[0]).toEqual({
      uri: 'platform-pending:x/a.txt',
      name: 'a.txt',
      mimeType: 'text/plain',
      size: 5,
    });
    expect(server.seen[0]?.headers['content-length']).toMatch(/^\d+$/);
    expect(server.seen[0]?.headers['transfer-encoding']).toBeUndefined();
  });

  it('lets no name and no type begin a line of its own', async () => {
    const server = await startReceiver();
    const hostile = fileOf('a.txt"\r\nX-Evil: 1\r\n\r\nforged', 'true', 'text/plain\r\nX-Evil: 2');
    await platformAt(server.url).uploadFiles([hostile], forever);
    expect(server.received).toMatchObject([{ type: 'application/octet-stream', bytes: 4, start: 'true' }]);
  });

  it('holds no file in memory and tells how far it is', async () => {
    const server = await startReceiver();
    const { file, state } = zeros(96 * 1024 * 1024);
    const told: number[] = [];
    const before = process.memoryUsage().arrayBuffers;
    let peak = 0;
    await platformAt(server.url).uploadFiles([file], forever, (sent) => {
      told.push(sent);
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
    });
    expect(server.received).toMatchObject([{ bytes: file.size }]);
    expect(state).toEqual({ opened: 1, closed: 1 });
    expect(told.at(-1)).toBe(file.size);
    expect(told.every((sent, index) => index === 0 || sent > (told[index - 1] ?? 0))).toBe(true);
    expect(peak).toBeLessThan(48 * 1024 * 1024);
  });

  it.each([
    ['shorter', 10],
    ['longer', 3],
  ])('sends nothing half when a file is %s than it said', async (_what, size) => {
    const server = await startReceiver();
    const lying = { ...fileOf('a.txt', 'bytes'), size };
    const error = await refusal(
      platformAt(server.url).uploadFiles([fileOf('b.txt', 'fine'), lying], forever),
    );
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('changed') });
  });

  it('says that a file could not be read', async () => {
    const server = await startReceiver();
    const unreadable = {
      ...fileOf('a.txt', 'bytes'),
      // biome-ignore lint/correctness/useYield: it fails before its first byte, as a vanished disk does.
      async *open(): AsyncGenerator<Uint8Array> {
        throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
      },
    };
    const error = await refusal(platformAt(server.url).uploadFiles([unreadable], forever));
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('EIO') });
  });

  it('says so too when an answer had begun, and is not over', async () => {
    const server = await startOddServer((request, response) => {
      request.resume();
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"files":[');
    });
    const logger = recordingLogger();
    const unreadable = {
      ...fileOf('a.txt', 'bytes'),
      async *open(): AsyncGenerator<Uint8Array> {
        yield Buffer.from('by');
        await until(() => logger.infos.some((line) => line.endsWith(': 200')), 'the answer has begun');
        throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
      },
    };
    const error = await refusal(platformAt(server.url, { logger }).uploadFiles([unreadable], forever));
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('EIO') });
  });

  it('hears an early refusal and closes the file', async () => {
    const server = await startOddServer((_request, response) => {
      response.writeHead(413, { 'content-type': 'application/json' });
      response.end(
        '{"error":"file exceeds per-file cap","filename":"zeros.bin","size":300000000,"max":26214400}',
      );
    });
    const { file, state } = zeros(300_000_000);
    const error = await refusal(platformAt(server.url).uploadFiles([file], forever));
    expect(error).toMatchObject({ kind: 'too-large', status: 413, body: { max: 26_214_400 } });
    await until(() => state.closed === 1, 'the file is closed');
  });

  it('closes the file when the caller gives up, and when the connection breaks', async () => {
    const server = await startOddServer((request) => request.once('data', () => request.pause()));
    const leaving = new AbortController();
    const given = zeros(300_000_000);
    const asked = refusal(platformAt(server.url).uploadFiles([given.file], leaving.signal));
    await until(() => given.state.opened === 1, 'the file is opened');
    leaving.abort();
    expect(await asked).toMatchObject({ kind: 'aborted' });
    await until(() => given.state.closed === 1, 'the file is closed');

    const breaking = await startOddServer((request) => request.once('data', () => request.socket.destroy()));
    const broken = zeros(300_000_000);
    expect(await refusal(platformAt(breaking.url).uploadFiles([broken.file], forever))).toMatchObject({
      kind: 'unavailable',
    });
    await until(() => broken.state.closed === 1, 'the file is closed');
  });

  it('opens no file when nothing can be sent', async () => {
    const server = await startReceiver();
    const { file, state } = zeros(1000);
    await refusal(platformAt(server.url).uploadFiles([file], AbortSignal.abort()));
    expect(state.opened).toBe(0);
    expect(server.accepted()).toBe(0);
  });
});
