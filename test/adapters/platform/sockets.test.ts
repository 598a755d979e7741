import type { ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAgents } from '../../../adapters/platform/agents.ts';
import { answering, answeringJson, startOddServer } from '../../support/odd-server.ts';
import {
  bytesOf,
  EVERY_CALL,
  FILE_ID,
  forever,
  IDLE_BEAT,
  platformAt,
  refusal,
} from '../../support/platform-client.ts';
import { until } from '../../support/until.ts';

const times = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Agents that end with the test. */
function agentsWith(limits: Parameters<typeof createAgents>[0] = {}) {
  const agents = createAgents(limits);
  onTestFinished(() => agents.close());
  return agents;
}

describe('sockets', () => {
  it('are kept and used again, after refusals and sends too', async () => {
    let turn = 0;
    const server = await startOddServer((request, response) => {
      turn += 1;
      const answer =
        turn % 3 === 0 ? answeringJson(500, { error: 'x' }) : answeringJson(200, { status: 'ok' });
      answer(request, response);
    });
    const platform = platformAt(server.url);
    for (const _ of times(20)) await platform.notifyUser('hello', [], forever).catch(() => {});
    expect(server.seen).toHaveLength(20);
    expect(server.accepted()).toBe(1);
  });

  it('are kept after a whole upload', async () => {
    const server = await startOddServer(answering(200, {}, 'x'.repeat(1_000_000)));
    const platform = platformAt(server.url);
    for (const _ of times(5)) await bytesOf((await platform.openUpload(FILE_ID, forever)).body);
    expect(server.accepted()).toBe(1);
  });

  it('are shared by the workspaces of an origin, and no more than allowed', async () => {
    const waiting: ServerResponse[] = [];
    const server = await startOddServer((_request, response) => waiting.push(response));
    const agents = agentsWith({ feed: 3 });
    const platforms = times(4).map(() => platformAt(server.url, { agents }));
    const polls = times(12).map((index) => platforms[index % 4]?.readActivity({ limit: 1 }, forever));
    for (const answered of times(12)) {
      await until(() => waiting.length > 0, `poll ${answered} arrived`);
      expect(server.open()).toBeLessThanOrEqual(3);
      waiting.shift()?.setHeader('content-type', 'application/json').end('[]');
    }
    await Promise.all(polls);
    expect(server.accepted()).toBe(3);
  });

  it('of the feed, of files and of peers never keep a heartbeat waiting', async () => {
    const server = await startOddServer((request, response) => {
      if (request.url === '/registry/heartbeat') answeringJson(200, { status: 'ok' })(request, response);
    });
    const platform = platformAt(server.url, { agents: agentsWith({ feed: 1, files: 1, calls: 1 }) });
    const leaving = new AbortController();
    const stuck = ['readActivity', 'openUpload', 'sendToPeer', 'wakeUps'].flatMap((name) =>
      times(3).map(() => EVERY_CALL[name]?.(platform, leaving.signal).catch(() => {})),
    );
    await until(() => server.seen.length === 6, 'one of each lane and all streams are stuck');
    await platform.heartbeat(IDLE_BEAT, forever);
    leaving.abort();
    await Promise.all(stuck);
  });

  it('are not used up by requests that were given up while waiting for one', async () => {
    const server = await startOddServer((request, response) => {
      if (server.seen.length > 1) answeringJson(200, [])(request, response);
    });
    const platform = platformAt(server.url, { agents: agentsWith({ feed: 1 }) });
    const leaving = new AbortController();
    const first = refusal(platform.readActivity({ limit: 1 }, leaving.signal));
    await until(() => server.seen.length === 1, 'the only socket is taken');
    const queued = times(5).map(() => refusal(platform.readActivity({ limit: 1 }, leaving.signal)));
    leaving.abort();
    for (const error of [first, ...queued]) expect(await error).toMatchObject({ kind: 'aborted' });
    expect((await platform.readActivity({ limit: 1 }, forever)).rows).toEqual([]);
    expect(server.seen).toHaveLength(2);
  });
});

describe.each(Object.entries(EVERY_CALL))('W-18: %s', (_name, call) => {
  it('is not even begun under a signal that has fired', async () => {
    const server = await startOddServer(answeringJson(200, {}));
    expect(await refusal(call(platformAt(server.url), AbortSignal.abort()))).toMatchObject({
      kind: 'aborted',
    });
    expect(server.accepted()).toBe(0);
  });

  it('ends at once when the caller gives up, and leaves nothing open', async () => {
    const server = await startOddServer(() => {});
    const platform = platformAt(server.url);
    const leaving = new AbortController();
    const asked = refusal(call(platform, leaving.signal));
    await until(() => server.seen.length === 1, 'the request arrived');
    const startedAt = performance.now();
    leaving.abort();
    expect(await asked).toMatchObject({ kind: 'aborted', status: 0 });
    expect(performance.now() - startedAt).toBeLessThan(1000);
    await until(() => server.open() === 0, 'the connection is given up');
  });

  it('ends at once when the platform is closed, and is refused afterwards', async () => {
    const server = await startOddServer(() => {});
    const platform = platformAt(server.url);
    const asked = refusal(call(platform, forever));
    await until(() => server.seen.length === 1, 'the request arrived');
    platform.close();
    expect(await asked).toMatchObject({ kind: 'aborted' });
    expect(await refusal(call(platform, forever))).toMatchObject({ kind: 'aborted' });
    await until(() => server.open() === 0, 'the connections are closed');
    expect(server.seen).toHaveLength(1);
  });
});
