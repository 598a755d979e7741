import { request } from 'node:http';
import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildPages } from '../../scripts/build-pages.mjs';
import { until } from '../support/until.ts';
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
    const { hostname, port, pathname } = new URL(inspector.url);
    const slow = connect(Number(port), hostname);
    slow.write(`GET ${pathname}frames HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
    slow.pause();
    await until(() => bridge.watching() === 1, 'the slow reader watches');
    const began = performance.now();
    for (let round = 0; round < 20; round += 1) {
      for (let seq = 1; seq <= 1_000; seq += 1) bridge.says('x'.repeat(1_000), seq);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(performance.now() - began).toBeLessThan(5_000);
    let read = '';
    slow.setEncoding('utf8');
    slow.on('data', (chunk: string) => {
      read += chunk;
    });
    slow.resume();
    await until(() => read.includes('frames.dropped'), 'the count of what was dropped');
    const count = Number(/"frames\.dropped".*?"count":(\d+)/.exec(read)?.[1]);
    expect(count).toBeGreaterThan(1_000);
    // It is told anew where everything stands.
    await until(() => read.lastIndexOf('ledger.opened') > read.indexOf('frames.dropped'), 'a new beginning');
    slow.destroy();
    await until(() => bridge.watching() === 0, 'nobody watches');
  });

  it('says that a port is taken, and frees its own', async () => {
    const { inspector } = await startWatchedInspector();
    const port = Number(new URL(inspector.url).port);
    await expect(startWatchedInspector({ port })).rejects.toThrow('EADDRINUSE');
  });
});
