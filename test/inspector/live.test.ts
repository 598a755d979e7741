import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { type InspectorParts, startInspector } from '../../src/inspector/inspector.ts';
import { startBridgeProcess } from '../support/bridge-process.ts';
import { describeInBrowser } from '../support/browser.ts';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { until } from '../support/until.ts';
import { WATCHED, watchedBridge } from '../support/watched-bridge.ts';

async function start(over: Partial<InspectorParts> = {}) {
  const bridge = watchedBridge();
  const inspector = await startInspector({
    watch: bridge.watch,
    port: 0,
    withText: false,
    statelyUrl: 'https://stately.example/inspect',
    clock: () => Date.UTC(2026, 4, 5),
    ...over,
  });
  onTestFinished(() => inspector.stop());
  return { bridge, inspector };
}

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

describeInBrowser('the live inspector', (open) => {
  it('shows a real bridge as it works', async () => {
    const platform = await startTestPlatform();
    const workspace = await createPollWorkspace(platform);
    const bridge = await startBridgeProcess(platform, {
      workspaces: [workspace],
      env: { MOLECULE_INSPECT: '1', MOLECULE_INSPECT_TEXT: '1' },
    });
    const line = await until(
      () => bridge.stderr.find((text) => text.includes('inspector: http')),
      'the inspector’s URL',
    );
    const { page, errors } = await open(line.slice(line.indexOf('http')));
    await page.locator('[data-state="online"].active').waitFor();
    await sayAsUser(platform, workspace, 'seen live <b>!</b>', [{ name: 'a.txt', bytes: 'a' }]);
    await page.locator('#inbox li', { hasText: 'seen live <b>!</b>' }).waitFor();
    expect(await page.textContent('#count-staged')).toBe('1');
    const [message] = await bridge.holds(1);
    await bridge.pop(message?.activity_id ?? '');
    await page.locator('#count-popped', { hasText: '1' }).waitFor();
    expect(await page.locator('#inbox li').count()).toBe(0);
    // Back in time: the message waits again, while the bridge goes on.
    await page.locator('#log button', { hasText: 'message.released' }).first().click();
    expect(await page.locator('#inbox li').count()).toBe(1);
    await page.locator('#end').click();
    expect(await page.locator('#inbox li').count()).toBe(0);
    expect(errors).toEqual([]);
  });

  it('hands every actor, event and snapshot to what speaks Stately’s handshake, those of before included', async () => {
    const stand = createServer((_, response) => {
      response.setHeader('content-type', 'text/html');
      response.end(`<script>
        window.got = [];
        addEventListener('message', ({ data }) => got.push(data));
        setTimeout(() => parent.postMessage({ type: '@statelyai.connected' }, '*'), 200);
      </script>`);
    }).listen(0, '127.0.0.1');
    onTestFinished(() => {
      stand.close();
    });
    await once(stand, 'listening');
    const { bridge, inspector } = await start({
      statelyUrl: `http://127.0.0.1:${(stand.address() as AddressInfo).port}/inspect`,
    });
    const { page } = await open(inspector.statelyUrl);
    await until(() => bridge.watching() > 0, 'the page watches');
    bridge.says('a secret');
    bridge.see('machine.moved', WATCHED, () => ({
      machine: 'workspace',
      event: 'xstate.done.actor.acquireDelivery',
      value: 'registering',
    }));
    const frame = await until(
      () => page.frames().find((inner) => inner.url().endsWith('/inspect')),
      'the frame',
    );
    type Message = { type: string; sessionId: string; definition?: string };
    const got = await until(async () => {
      const messages = (await frame.evaluate('window.got')) as Message[];
      return messages.length >= 3 ? messages : null;
    }, 'the messages');
    expect(got).toMatchObject([
      {
        type: '@xstate.actor',
        sessionId: `workspace ${WATCHED}`,
        snapshot: { value: { standingBy: 'acquiring' } },
      },
      { type: '@xstate.event', event: { type: 'xstate.done.actor.acquireDelivery' } },
      { type: '@xstate.snapshot', snapshot: { value: 'registering', context: {} } },
    ]);
    expect(JSON.parse(got[0]?.definition ?? '')).toMatchObject({ id: 'workspace', initial: 'standingBy' });
    expect(JSON.stringify(got)).not.toContain('a secret');
    expect(await page.textContent('#connection')).toContain('connected');
  });

  it('lets nobody in without the secret, from another origin or under another name', async () => {
    const { inspector } = await start();
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

  it('shows no message text unless asked to', async () => {
    const { bridge, inspector } = await start();
    const { page } = await open(inspector.url);
    await until(() => bridge.watching() > 0, 'the page watches');
    bridge.says('a secret');
    await page.locator('#log button', { hasText: 'message.received' }).waitFor();
    expect(await page.textContent('body')).not.toContain('a secret');
  });

  it('watches only while a page is open, and drops what a slow reader does not take', async () => {
    const { bridge, inspector } = await start({ withText: true });
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
    const { inspector } = await start();
    const port = Number(new URL(inspector.url).port);
    await expect(start({ port })).rejects.toThrow('EADDRINUSE');
  });
});
