import { describe, expect, it } from 'vitest';
import { createPlatform } from '../../../adapters/platform/platform.ts';
import { answeringJson, startOddServer } from '../../support/odd-server.ts';
import {
  EVERY_CALL,
  FILE_ID,
  forever,
  IDLE_BEAT,
  OWN_ID,
  OWN_TOKEN,
  platformAt,
  refusal,
} from '../../support/platform-client.ts';
import { recordingLogger } from '../../support/recording-logger.ts';

const OTHER_ID = '0b7e6b0e-2f0f-4f4e-8a54-6b6b3d3b9b01';
/** Something that every method but the two streams takes for an answer, or refuses as malformed. */
const ANSWER = { status: 'ok', delivery_mode: 'poll', name: 'laptop', files: [] };

describe.each(Object.entries(EVERY_CALL))('%s', (name, call) => {
  it('says who asks, and from where', async () => {
    const server = await startOddServer(answeringJson(200, ANSWER));
    await call(platformAt(`${server.url}/`, { orgId: 'org-1' }), forever).catch(() => {});
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]?.url).toMatch(/^\/(workspaces|registry)\//);
    expect(server.seen[0]?.headers).toMatchObject({
      authorization: `Bearer ${OWN_TOKEN}`,
      origin: server.url,
      'x-molecule-org-id': 'org-1',
      'user-agent': 'molecule-inbox',
    });
    expect(server.seen[0]?.headers['x-workspace-id']).toBe(name === 'sendToPeer' ? OWN_ID : undefined);
  });

  it.each([
    ['would end its header', () => 'secret\r\nx: secret'],
    ['is empty', () => ''],
    ['cannot be read', () => JSON.parse('{"token":"secret')],
  ])('W-48: sends no token that %s', async (_what, token) => {
    const server = await startOddServer(answeringJson(200, ANSWER));
    const platform = platformAt(server.url, { credentials: { token } });
    const error = await refusal(call(platform, forever));
    expect(error.kind).toBe('unauthorised');
    expect(`${error.message}${error.stack}`).not.toContain('secret');
    expect(server.accepted()).toBe(0);
  });
});

describe('identity', () => {
  it('W-49: uses a rotated token from the next request on', async () => {
    let token = 'first-token';
    const server = await startOddServer(answeringJson(200, ANSWER));
    const platform = platformAt(server.url, { credentials: { token: () => token } });
    await platform.heartbeat(IDLE_BEAT, forever);
    token = 'second-token';
    await platform.reportActivity({ activityType: 'agent_log' }, forever);
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer first-token',
      'Bearer second-token',
    ]);
  });

  it('W-53: shows each token to its own platform only', async () => {
    const [home, work] = [
      await startOddServer(answeringJson(200, ANSWER)),
      await startOddServer(answeringJson(200, ANSWER)),
    ];
    const platforms = [
      platformAt(home.url, { credentials: { token: () => 'home-token' } }),
      platformAt(work.url, { credentials: { token: () => 'work-token' }, workspaceId: OTHER_ID }),
    ];
    for (const call of Object.values(EVERY_CALL)) {
      await Promise.all(platforms.map((platform) => call(platform, forever).catch(() => {})));
    }
    const shown = (server: typeof home) => [
      ...new Set(server.seen.map(({ headers }) => `${headers.authorization} from ${headers.origin}`)),
    ];
    expect(shown(home)).toEqual([`Bearer home-token from ${home.url}`]);
    expect(shown(work)).toEqual([`Bearer work-token from ${work.url}`]);
    expect(home.seen.filter(({ url }) => url.includes(OTHER_ID))).toEqual([]);
  });

  it('works below a path, and keeps the path out of the Origin', async () => {
    const server = await startOddServer(answeringJson(200, ANSWER));
    await platformAt(` ${server.url}/platform/api// `).heartbeat(IDLE_BEAT, forever);
    expect(server.seen[0]).toMatchObject({
      url: '/platform/api/registry/heartbeat',
      headers: { origin: server.url },
    });
  });

  it('names the workspace where a call asks for it', async () => {
    const server = await startOddServer(answeringJson(200, ANSWER));
    const path = `/registry/discover/${FILE_ID}`;
    await platformAt(server.url).call({ method: 'GET', path, identify: true, query: { q: 'a&b' } }, forever);
    expect(server.seen[0]).toMatchObject({ url: `${path}?q=a%26b`, headers: { 'x-workspace-id': OWN_ID } });
  });

  it.each(['../../admin', '', 'webhook:x'])('sends no message to a peer called %j', async (peerId) => {
    const server = await startOddServer(answeringJson(200, ANSWER));
    const message = { messageId: FILE_ID, text: 'hello' };
    expect(await refusal(platformAt(server.url).sendToPeer(peerId, message, forever))).toMatchObject({
      kind: 'refused',
    });
    expect(server.accepted()).toBe(0);
  });

  it('is not begun with what can never work', () => {
    const options = { credentials: { token: () => OWN_TOKEN }, logger: recordingLogger() };
    expect(() => createPlatform({ ...options, baseUrl: 'ftp://host', workspaceId: OWN_ID })).toThrow(
      TypeError,
    );
    expect(() => createPlatform({ ...options, baseUrl: 'http://host', workspaceId: '../x' })).toThrow(
      TypeError,
    );
  });

  it('keeps its tokens out of the log', async () => {
    const logger = recordingLogger();
    const server = await startOddServer(answeringJson(401, { error: OWN_TOKEN }));
    for (const call of Object.values(EVERY_CALL))
      await refusal(call(platformAt(server.url, { logger }), forever));
    expect(logger.infos).toHaveLength(Object.keys(EVERY_CALL).length);
    expect([...logger.infos, ...logger.lines].join()).not.toContain(OWN_TOKEN);
  });
});

describe('the budget', () => {
  it('is told with every reply that tells it, refusals too', async () => {
    const told: unknown[] = [];
    const headers = { 'x-ratelimit-limit': '600', 'x-ratelimit-remaining': '5', 'x-ratelimit-reset': '9' };
    let status = 200;
    const server = await startOddServer((request, response) =>
      answeringJson(
        status,
        ANSWER,
        status === 429 ? { ...headers, 'retry-after': '11' } : headers,
      )(request, response),
    );
    const platform = platformAt(server.url, { onBudget: (budget) => told.push(budget) });
    await platform.heartbeat(IDLE_BEAT, forever);
    status = 429;
    const error = await refusal(platform.heartbeat(IDLE_BEAT, forever));
    expect(error).toMatchObject({ kind: 'rate-limited', retryAfterMs: 11_000 });
    expect(told).toEqual([
      { limit: 600, remaining: 5, resetMs: 9000 },
      { limit: 600, remaining: 0, resetMs: 11_000 },
    ]);
  });
});
