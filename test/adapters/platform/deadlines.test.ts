import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createAgents } from '../../../adapters/platform/agents.ts';
import { answering, answeringRaw, startOddServer, startRawServer } from '../../support/odd-server.ts';
import { bytesOf, EVERY_CALL, FILE_ID, forever, platformAt, refusal } from '../../support/platform-client.ts';
import { until } from '../../support/until.ts';

/** Every deadline of a call, short. Silence and stalls stay long, so that the total deadline is what is seen. */
const SHORT = { presenceMs: 200, feedMs: 200, callMs: 200, peerMs: 200, transferMs: 200, openStreamMs: 200 };

/** Sends a byte now and then, for ever. */
function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write(' '), 20);
  response.once('close', () => clearInterval(timer));
}

const finite = Object.entries(EVERY_CALL).filter(([name]) => name !== 'wakeUps');

describe('W-17: everything has a total deadline', () => {
  it.each(Object.entries(EVERY_CALL))('%s: no answer at all', async (_name, call) => {
    const server = await startOddServer(() => {});
    const error = await refusal(call(platformAt(server.url, { deadlines: SHORT }), forever));
    expect(error).toMatchObject({ kind: 'timed-out', status: 0 });
    await until(() => server.open() === 0, 'the connection is given up');
  });

  it.each(finite)('%s: a body that drips', async (_name, call) => {
    const server = await startOddServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      drip(response);
    });
    const startedAt = performance.now();
    const error = await refusal(call(platformAt(server.url, { deadlines: SHORT }), forever));
    expect(error.kind).toBe('timed-out');
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await until(() => server.open() === 0, 'the connection is given up');
  });

  it.each(finite)('%s: a refusal whose words drip still says its status', async (_name, call) => {
    const server = await startOddServer((_request, response) => {
      response.writeHead(429, { 'retry-after': '7' });
      drip(response);
    });
    const error = await refusal(call(platformAt(server.url, { deadlines: SHORT }), forever));
    expect(error).toMatchObject({ kind: 'rate-limited', status: 429, retryAfterMs: 7000 });
  });

  it('counts the wait for a free socket', async () => {
    const server = await startOddServer(() => {});
    const agents = createAgents({ feed: 1 });
    const platform = platformAt(server.url, { agents, deadlines: { feedMs: 200 } });
    const slow = platformAt(server.url, { agents, deadlines: { feedMs: 60_000 } });
    const blocked = new AbortController();
    const blocker = refusal(slow.readActivity({ limit: 1 }, blocked.signal));
    await until(() => server.seen.length === 1, 'the only socket is taken');
    expect(await refusal(platform.readActivity({ limit: 1 }, forever))).toMatchObject({ kind: 'timed-out' });
    expect(server.seen).toHaveLength(1);
    blocked.abort();
    await blocker;
    agents.close();
  });
});

describe('a transfer that stands still', () => {
  const stalling = { transferMs: 60_000, stallMs: 200 };

  it('ends when the platform stops sending', async () => {
    const server = await startOddServer((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('only this');
    });
    const download = await platformAt(server.url, { deadlines: stalling }).openUpload(FILE_ID, forever);
    expect(await refusal(bytesOf(download.body))).toMatchObject({ kind: 'timed-out' });
    await until(() => server.open() === 0, 'the connection is given up');
  });

  it('ends when nobody begins to read', async () => {
    const server = await startOddServer(answering(200, {}, 'x'.repeat(10_000_000)));
    const download = await platformAt(server.url, { deadlines: stalling }).openUpload(FILE_ID, forever);
    await until(() => server.open() === 0, 'the connection is given up');
    expect(await refusal(bytesOf(download.body))).toMatchObject({ kind: 'timed-out' });
  });

  it('ends when nobody begins to read a small one that is all here', async () => {
    const server = await startOddServer(answering(200, {}, 'all of it'));
    const ended = AbortSignal.timeout(400);
    const download = await platformAt(server.url, { deadlines: stalling }).openUpload(FILE_ID, forever);
    await until(() => ended.aborted, 'the deadline has passed');
    expect(await refusal(bytesOf(download.body))).toMatchObject({ kind: 'timed-out' });
  });

  it('ends when it stands still again after the reader took its time', async () => {
    const server = await startOddServer((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('only this');
    });
    const download = await platformAt(server.url, { deadlines: stalling }).openUpload(FILE_ID, forever);
    const whole = download.body(() => new Promise((resolve) => setImmediate(resolve)));
    expect(await refusal(whole)).toMatchObject({ kind: 'timed-out' });
  });

  it('is never taken for whole when it ends while the reader takes its time, though all of it has come', async () => {
    const server = await startRawServer(
      answeringRaw(
        'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n6\r\nsecond\r\n0\r\n\r\n',
      ),
    );
    const leaving = new AbortController();
    const { body, contentLength } = await platformAt(server.url).openUpload(FILE_ID, leaving.signal);
    expect(contentLength).toBeNull();
    const pieces: string[] = [];
    const whole = body(async (piece) => {
      pieces.push(String(piece));
      leaving.abort();
      await new Promise((resolve) => setImmediate(resolve));
    });
    expect(await refusal(whole)).toMatchObject({ kind: 'aborted' });
    expect(pieces).toEqual(['first']);
  });

  it('goes on while bytes come, however long it takes', async () => {
    const pieces = 8;
    const server = await startOddServer((_request, response) => {
      response.writeHead(200, { 'content-length': String(pieces) });
      let sent = 0;
      const timer = setInterval(() => {
        response.write('x');
        sent += 1;
        if (sent === pieces) clearInterval(timer);
      }, 60);
      response.once('close', () => clearInterval(timer));
    });
    const download = await platformAt(server.url, { deadlines: stalling }).openUpload(FILE_ID, forever);
    expect(await bytesOf(download.body)).toHaveLength(pieces);
  });

  it('does not count the time that the reader takes', async () => {
    const server = await startOddServer(answering(200, {}, 'x'.repeat(3_000_000)));
    const download = await platformAt(server.url, { deadlines: stalling }).openUpload(FILE_ID, forever);
    let bytes = 0;
    await download.body(async (piece) => {
      const slowUntil = performance.now() + (bytes === 0 ? 500 : 0);
      await until(() => performance.now() >= slowUntil, 'the disk took its time');
      bytes += piece.length;
    });
    expect(bytes).toBe(3_000_000);
  });

  it('ends when the platform stops taking what is sent', async () => {
    const server = await startOddServer((request) => request.pause());
    let closed = false;
    const file = {
      name: 'big.bin',
      mimeType: 'application/octet-stream',
      size: 100_000_000,
      async *open() {
        try {
          for (let sent = 0; sent < 100_000_000; sent += 1_000_000) yield new Uint8Array(1_000_000);
        } finally {
          closed = true;
        }
      },
    };
    const platform = platformAt(server.url, { deadlines: stalling });
    expect(await refusal(platform.uploadFiles([file], forever))).toMatchObject({ kind: 'timed-out' });
    await until(() => closed, 'the file is closed');
  });
});
