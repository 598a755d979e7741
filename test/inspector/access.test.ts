import { request } from 'node:http';
import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildPages } from '../../scripts/build-pages.mjs';
import { until } from '../support/until.ts';
import { WATCHED, type watchedBridge } from '../support/watched-bridge.ts';
import { startWatchedInspector } from '../support/watched-inspector.ts';

/** The status that a GET is answered with. */
function statusOf(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers, method }, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    })
      .on('error', reject)
      .end();
  });
}

/** A page that has stopped reading, until told to go on. */
async function readSlowly(url: string, bridge: ReturnType<typeof watchedBridge>) {
  const { hostname, port, pathname } = new URL(url);
  const slow = connect(Number(port), hostname);
  slow.write(`GET ${pathname}frames HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
  slow.pause();
  await until(() => bridge.watching() === 1, 'the slow reader watches');
  let read = '';
  slow.setEncoding('utf8').on('data', (chunk: string) => {
    read += chunk;
  });
  slow.pause();
  return {
    /** Reads on until it is told how many frames are missing, and then something more; resolves with their number. */
    async goOn(then = 'ledger.opened'): Promise<number> {
      slow.resume();
      await until(() => read.includes('frames.dropped'), 'the count of what was dropped');
      await until(() => read.lastIndexOf(then) > read.indexOf('frames.dropped'), 'what follows the gap');
      return Number(/"frames\.dropped".*?"count":(\d+)/.exec(read)?.[1]);
    },
    end: () => slow.destroy(),
  };
}

beforeAll(() => buildPages('dist/pages'));

describe('access to the inspector', () => {
  it('lets nobody in without the secret, from another origin or under another name', async () => {
    const { inspector } = await startWatchedInspector();
    const { origin, port } = new URL(inspector.url);
    expect(await statusOf(inspector.url)).toBe(200);
    expect(await statusOf(`${inspector.url}frames`)).toBe(200);
    expect(await statusOf(`${origin}/`)).toBe(404);
    expect(await statusOf(`${origin}/wrong/frames`)).toBe(404);
    expect(await statusOf(`${inspector.url}nothing`)).toBe(404);
    expect(await statusOf(inspector.url, {}, 'POST')).toBe(405);
    expect(await statusOf(`${inspector.url}frames`, { origin: 'https://evil.example' })).toBe(403);
    expect(await statusOf(`${inspector.url}frames`, { origin: 'null' })).toBe(403);
    expect(await statusOf(inspector.url, { host: `evil.example:${port}` })).toBe(403);
    expect(await statusOf(inspector.url, { host: 'evil.example' })).toBe(403);
    expect(await statusOf(inspector.url, { host: `localhost:${port}` })).toBe(200);
  });

  it('watches only while a page is open, and drops what a slow reader does not take', async () => {
    const { bridge, inspector } = await startWatchedInspector({ withText: true });
    expect(bridge.watching()).toBe(0);
    const slow = await readSlowly(inspector.url, bridge);
    const began = performance.now();
    for (let round = 0; round < 20; round += 1) {
      for (let seq = 1; seq <= 1_000; seq += 1) bridge.says('x'.repeat(1_000), seq);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(await slow.goOn()).toBeGreaterThan(1_000);
    slow.end();
    await until(() => bridge.watching() === 0, 'nobody watches');
  });

  it('keeps few bytes for a slow reader, however large the rows are', async () => {
    const { bridge, inspector } = await startWatchedInspector({ withText: true });
    const slow = await readSlowly(inspector.url, bridge);
    for (let count = 0; count < 100; count += 1) {
      bridge.see('row.served', WATCHED, () => ({ row: { text: 'x'.repeat(1_048_576) } }));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await slow.goOn()).toBeGreaterThan(80);
    slow.end();
  });

  it('shows what surrounds a row in which a stranger has nested more than can be written', async () => {
    const { bridge, inspector } = await startWatchedInspector({ withText: true });
    const reader = await readSlowly(inspector.url, bridge);
    const nested = JSON.parse(`${'['.repeat(9_000)}${']'.repeat(9_000)}`) as unknown;
    bridge.see('row.served', WATCHED, () => ({ row: { nested } }));
    bridge.says('what comes next');
    expect(await reader.goOn('what comes next')).toBe(1);
    reader.end();
  });

  it('says that a port is taken, and frees its own', async () => {
    const { inspector } = await startWatchedInspector();
    const port = Number(new URL(inspector.url).port);
    await expect(startWatchedInspector({ port })).rejects.toThrow('EADDRINUSE');
  });
});
