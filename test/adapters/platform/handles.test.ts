import { getEventListeners } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answering, answeringJson, startOddServer } from '../../support/odd-server.ts';
import { EVERY_CALL, forever, platformAt } from '../../support/platform-client.ts';
import { until } from '../../support/until.ts';

// A file of its own: what is left open is counted over the whole process.

const times = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Timers and client connections that keep this process alive. */
function handles(): number {
  const alive = ['Timeout', 'TCPSocketWrap', 'TCPConnectWrap', 'GetAddrInfoReqWrap'];
  return process.getActiveResourcesInfo().filter((name) => alive.includes(name)).length;
}

describe.each(Object.entries(EVERY_CALL))('%s', (_name, call) => {
  it.each([
    ['an answer', answeringJson(200, { status: 'ok', delivery_mode: 'poll', name: 'laptop' })],
    ['bytes', answering(200, { 'content-type': 'application/pdf' }, 'bytes')],
    ['a stream', answering(200, { 'content-type': 'text/event-stream' }, ': ping\n\n')],
    ['a refusal', answeringJson(503, { error: 'no' })],
    ['a redirect', answering(302, { location: '/elsewhere' })],
  ])(
    'leaves neither timer nor listener behind after %s, nor a socket after closing',
    async (_what, answer) => {
      const server = await startOddServer(answer);
      const before = handles();
      const platform = platformAt(server.url);
      const { signal } = new AbortController();
      await Promise.all(times(3).map(() => call(platform, signal).catch(() => {})));
      await until(() => getEventListeners(signal, 'abort').length === 0, 'the signal is let go', 2000);
      platform.close();
      await until(() => handles() <= before, 'nothing is left open', 2000);
    },
  );
});

describe('many requests under one signal', () => {
  it('raise no warning', async () => {
    const server = await startOddServer(answeringJson(200, []));
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on('warning', listen);
    onTestFinished(() => void process.off('warning', listen));
    const { signal } = new AbortController();
    const platform = platformAt(server.url);
    await Promise.all(times(40).map(() => platform.readActivity({ limit: 1 }, signal)));
    await platform.readActivity({ limit: 1 }, forever);
    expect(warnings).toEqual([]);
  });
});
