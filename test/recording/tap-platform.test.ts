import { expect, it } from 'vitest';
import { createPlatform } from '../../adapters/platform/platform.ts';
import type { Frame } from '../../src/domain/inbox/frame.ts';
import { createSpectators } from '../../src/recording/spectators.ts';
import { tapPlatform } from '../../src/recording/tap-platform.ts';
import { startOddServer } from '../support/odd-server.ts';
import { firstFrame } from '../support/platform-client.ts';
import { recordingLogger } from '../support/recording-logger.ts';

const WORKSPACE = '6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11';
const ANSWERS: Readonly<Record<string, readonly [status: number, body: string]>> = {
  [`/workspaces/${WORKSPACE}/activity`]: [203, '[]'],
  [`/workspaces/${WORKSPACE}/notify`]: [202, '{"status":"sent"}'],
  '/made': [201, '{}'],
  '/gone': [404, '{"error":"gone"}'],
};

/** A platform at a server, tapped for spectators as the bridge taps it. */
function tappedAt(baseUrl: string) {
  const spectators = createSpectators(Date.now);
  const tap = spectators.tapOf(WORKSPACE);
  const direct = createPlatform({
    baseUrl,
    workspaceId: WORKSPACE,
    credentials: { token: () => 'token' },
    logger: recordingLogger(),
    onReply: tap.replied,
  });
  return { spectators, platform: tapPlatform(direct, tap) };
}

it('tells the status of each reply as it was, and nothing while nobody watches', async () => {
  const server = await startOddServer((request, response) => {
    if (request.url?.endsWith('/events/stream')) {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': here\n\n');
      return;
    }
    const [status, body] = ANSWERS[request.url?.split('?')[0] ?? ''] ?? [500, ''];
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  });
  const { spectators, platform } = tappedAt(server.url);
  const seen: unknown[] = [];
  const askAll = async () => {
    const { signal } = new AbortController();
    await platform.readActivity({ limit: 1 }, signal);
    await platform.notifyUser('hello', [], signal);
    // At the same time, under one signal.
    const call = (path: string) => platform.call({ method: 'GET', path }, signal).catch(() => {});
    await Promise.all([call('/made'), call('/gone')]);
    await firstFrame(platform);
  };
  await askAll();
  const unwatch = spectators.watch(
    (frame: Frame) => frame.type === 'reply.received' && seen.push([frame.data.call, frame.data.status]),
    () => () => {},
  );
  await askAll();
  unwatch();
  platform.close();
  expect(seen).toHaveLength(6);
  expect(seen).toEqual(
    expect.arrayContaining([
      ['readActivity', 203],
      ['notifyUser', 202],
      ['call', 201],
      ['call', 404],
      ['wakeUps', 200],
      // We hung up.
      ['wakeUps', 0],
    ]),
  );
});

it('tells how a stream broke', async () => {
  const server = await startOddServer((_, response) => {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
  });
  const { spectators, platform } = tappedAt(server.url);
  const seen: unknown[] = [];
  spectators.watch(
    (frame) => frame.type === 'reply.received' && seen.push(frame.data),
    () => () => {},
  );
  await expect(platform.wakeUps(() => {}, new AbortController().signal)).rejects.toThrow();
  platform.close();
  expect(seen).toEqual([{ call: 'wakeUps', status: 404, kind: 'no-such-route' }]);
});
