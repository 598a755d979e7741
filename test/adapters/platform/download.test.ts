import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { answering, answeringRaw, startOddServer, startRawServer } from '../../support/odd-server.ts';
import { bytesOf, FILE_ID, forever, OWN_ID, platformAt, refusal } from '../../support/platform-client.ts';
import { until } from '../../support/until.ts';

const PDF = { 'content-type': 'application/pdf' };
const PAGE = '<!doctype html><title>Sign in</title>';

const refuse = () => {
  throw new Error('the disk is full');
};

const download = async (url: string, announcedType?: string) =>
  platformAt(url).openUpload(FILE_ID, forever, announcedType);

describe('openUpload', () => {
  it('gives the bytes, their length and their type', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 256));
    const server = await startOddServer(
      answering(200, { 'content-type': 'Application/PDF; charset=x', 'content-length': '300000' }, bytes),
    );
    const upload = await download(server.url);
    expect(upload).toMatchObject({ contentLength: 300_000, mimeType: 'application/pdf' });
    expect((await bytesOf(upload.body)).equals(bytes)).toBe(true);
    expect(server.seen[0]).toMatchObject({
      url: `/workspaces/${OWN_ID}/pending-uploads/${FILE_ID}/content`,
      headers: { 'accept-encoding': 'identity' },
    });
  });

  it('names no length and the plainest type when the server names none', async () => {
    const server = await startOddServer((_request, response) => {
      response.writeHead(200).write('by');
      response.end('tes');
    });
    const upload = await download(server.url);
    expect(upload).toMatchObject({ contentLength: null, mimeType: 'application/octet-stream' });
    expect(String(await bytesOf(upload.body))).toBe('bytes');
  });

  it.each([201, 202, 204, 206])('W-33: takes no %i for an upload', async (status) => {
    const server = await startOddServer(answering(status, PDF, status === 204 ? '' : 'bytes'));
    expect(await refusal(download(server.url))).toMatchObject({ kind: 'malformed', status });
    // One that carries no body is as good as new.
    if (status !== 204) await until(() => server.open() === 0, 'the connection is given up');
  });

  it.each([
    ['unannounced', {}, undefined, true],
    ['in place of a PDF', {}, 'application/pdf', true],
    ['in place of a PDF, as an attachment', { 'content-disposition': 'attachment' }, 'application/pdf', true],
    ['in place of a file without a type', { 'content-disposition': 'attachment' }, '', true],
    ['that was announced', {}, 'Text/HTML; charset=utf-8', false],
    [
      'unannounced, as an attachment',
      { 'content-disposition': 'attachment; filename="a.html"' },
      undefined,
      false,
    ],
  ])('W-33: a web page %s', async (_what, headers, announced, refused) => {
    const server = await startOddServer(
      answering(200, { 'content-type': 'text/html; charset=utf-8', ...headers }, PAGE),
    );
    if (refused) expect(await refusal(download(server.url, announced))).toMatchObject({ kind: 'malformed' });
    else expect(String(await bytesOf((await download(server.url, announced)).body))).toBe(PAGE);
  });

  it('W-33: rejects when the connection breaks before the announced length', async () => {
    const server = await startOddServer((_request, response) => {
      response.writeHead(200, { ...PDF, 'content-length': '1000' });
      response.write('four', () => response.destroy());
    });
    const upload = await download(server.url);
    expect(upload.contentLength).toBe(1000);
    expect(await refusal(bytesOf(upload.body))).toMatchObject({ kind: 'unavailable' });
  });

  it('W-33: never gives more than the announced length', async () => {
    const server = await startRawServer(
      answeringRaw('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfour and many more'),
    );
    const upload = await download(server.url);
    expect(await refusal(bytesOf(upload.body))).toMatchObject({ kind: 'malformed' });
  });

  it.each([
    ['announced', { 'content-length': '0' }],
    ['unannounced', { 'transfer-encoding': 'chunked' }],
  ])('W-33: takes an empty body, %s, for no upload', async (_what, headers) => {
    const server = await startOddServer(answering(200, { ...PDF, ...headers }));
    const whole = download(server.url).then(({ body }) => bytesOf(body));
    expect(await refusal(whole)).toMatchObject({ kind: 'malformed' });
  });

  it('W-40: never expands compressed bytes, nor reads them', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const server = await startOddServer(answering(200, { ...PDF, 'content-encoding': 'gzip' }, bomb));
    expect(await refusal(download(server.url))).toMatchObject({ kind: 'malformed' });
    await until(() => server.open() === 0, 'the connection is given up');
  });

  it.each(['../../admin', '', 'C0DE0000-1111-4222-8333-444455556666', `${FILE_ID}/ack`])(
    'asks for no file whose id is %j',
    async (fileId) => {
      const server = await startOddServer(answering(200, PDF, 'bytes'));
      const platform = platformAt(server.url);
      expect(await refusal(platform.openUpload(fileId, forever))).toMatchObject({ kind: 'refused' });
      expect(await refusal(platform.acknowledgeUpload(fileId, forever))).toMatchObject({ kind: 'refused' });
      expect(server.accepted()).toBe(0);
    },
  );

  it.each([
    ['at once', () => refuse()],
    ['later', () => Promise.resolve().then(refuse)],
  ])('gives up the connection of whoever wants no more of it, said %s', async (_when, take) => {
    const server = await startOddServer(answering(200, PDF, 'x'.repeat(10_000_000)));
    const { body } = await download(server.url);
    await expect(body(take)).rejects.toThrow('the disk is full');
    await until(() => server.open() === 0, 'the connection is given up');
  });

  it('says what broke in the middle of a body, not merely that it broke', async () => {
    const server = await startRawServer(
      answeringRaw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfour\r\nno length\r\n'),
    );
    const upload = await download(server.url);
    expect(await refusal(bytesOf(upload.body))).toMatchObject({ kind: 'malformed' });
  });

  it('is refused when the last bytes cannot be taken, although the body has ended', async () => {
    const server = await startOddServer(answering(200, PDF, 'bytes'));
    const { body } = await download(server.url);
    await expect(body(() => new Promise(setImmediate).then(refuse))).rejects.toThrow('the disk is full');
  });

  it('hands over no more while the disk has enough to do', async () => {
    const server = await startOddServer(answering(200, PDF, 'x'.repeat(3_000_000)));
    let takers = 0;
    let bytes = 0;
    await (await download(server.url)).body(async (piece) => {
      takers += 1;
      await new Promise((resolve) => setImmediate(resolve));
      expect(takers).toBe(1);
      takers -= 1;
      bytes += piece.length;
    });
    expect(bytes).toBe(3_000_000);
  });

  it('ends at once when the caller gives up', async () => {
    const server = await startOddServer((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('some');
    });
    const leaving = new AbortController();
    const upload = await platformAt(server.url).openUpload(FILE_ID, leaving.signal);
    const whole = refusal(bytesOf(upload.body));
    leaving.abort();
    expect(await whole).toMatchObject({ kind: 'aborted' });
    await until(() => server.open() === 0, 'the connection is given up');
  });
});
