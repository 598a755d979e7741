import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { PlatformErrorKind } from '../../../src/domain/wire/platform-error.ts';
import {
  answering,
  answeringJson,
  nobodyAt,
  startOddServer,
  startRawServer,
} from '../../support/odd-server.ts';
import { EVERY_CALL, forever, OWN_TOKEN, platformAt, refusal } from '../../support/platform-client.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const OWN_ROUTES = ['register', 'heartbeat', 'readActivity', 'wakeUps', 'openUpload', 'acknowledgeUpload'];

/** What one status means on every call, with exceptions by name. */
const MEANINGS: readonly [number, string, PlatformErrorKind, Record<string, PlatformErrorKind | 'done'>][] = [
  [400, '{"error":"invalid request body"}', 'refused', {}],
  [401, '{"error":"invalid workspace auth token"}', 'unauthorised', {}],
  [402, '{"error":"workspace budget limit exceeded"}', 'refused', {}],
  [
    403,
    '{"error":"access denied"}',
    'refused',
    Object.fromEntries(OWN_ROUTES.map((name) => [name, 'unauthorised'])),
  ],
  [403, '', 'refused', {}],
  [404, '{"error":"workspace not found"}', 'not-found', { describe: 'removed', acknowledgeUpload: 'done' }],
  [404, '404 page not found', 'no-such-route', { acknowledgeUpload: 'done' }],
  [404, '<!doctype html><title>Canvas</title>', 'no-such-route', { acknowledgeUpload: 'done' }],
  [404, '', 'no-such-route', { acknowledgeUpload: 'done' }],
  [404, '404', 'no-such-route', { acknowledgeUpload: 'done' }],
  [404, '{"message":"no route matched"}', 'no-such-route', { acknowledgeUpload: 'done' }],
  [408, '', 'unavailable', {}],
  [410, '{"error":"gone"}', 'refused', { readActivity: 'cursor-gone', describe: 'removed' }],
  [413, '{"error":"file exceeds per-file cap"}', 'too-large', {}],
  [422, '{"error":"no callback URL"}', 'refused', {}],
  [429, '{"error":"rate limit exceeded","retry_after":37}', 'rate-limited', {}],
  [500, '', 'unavailable', {}],
  [502, '<html>Bad gateway</html>', 'unavailable', {}],
  [503, '{"error":"platform datastore unavailable","code":"platform_unavailable"}', 'unavailable', {}],
];

describe.each(Object.entries(EVERY_CALL))('%s', (name, call) => {
  it.each(MEANINGS)('takes %i %j for %s', async (status, body, kind, exceptions) => {
    const server = await startOddServer(answering(status, JSON_TYPE, body));
    const asked = call(platformAt(server.url), forever);
    const expected = exceptions[name] ?? kind;
    if (expected === 'done') return expect(await asked).toBeUndefined();
    const error = await refusal(asked);
    expect(error).toMatchObject({ kind: expected, status });
    expect(error.message).not.toMatch(/\n/);
    expect(server.seen).toHaveLength(1);
  });

  it('says that nobody listens', async () => {
    expect(await refusal(call(platformAt(await nobodyAt()), forever))).toMatchObject({
      kind: 'unavailable',
      status: 0,
    });
  });

  it('says that the connection broke', async () => {
    const server = await startOddServer((request) => request.socket.destroy());
    expect(await refusal(call(platformAt(server.url), forever))).toMatchObject({
      kind: 'unavailable',
      status: 0,
    });
    expect(server.seen).toHaveLength(1);
  });

  it('says that no HTTP came', async () => {
    const server = await startRawServer((socket) =>
      socket.once('data', () => socket.end('SSH-2.0-nope\r\n')),
    );
    expect(await refusal(call(platformAt(server.url), forever))).toMatchObject({
      kind: 'malformed',
      status: 0,
    });
  });

  it('never shows the token, even when the server echoes it', async () => {
    const words = `Bearer ${OWN_TOKEN} is not welcome`;
    const server = await startOddServer(
      answeringJson(401, { error: words, headers: { authorization: words } }, { 'x-echo': OWN_TOKEN }),
    );
    const error = await refusal(call(platformAt(server.url), forever));
    expect(error.detail).toContain('[token] is not welcome');
    expect(everythingIn(error)).not.toContain(OWN_TOKEN);
  });

  it('never shows the token of a request that could not be sent', async () => {
    const platform = platformAt(await nobodyAt());
    expect(everythingIn(await refusal(call(platform, forever)))).not.toContain(OWN_TOKEN);
  });
});

/** All that a log line, a debugger or a serialiser could ever show of an error. */
function everythingIn(error: Error): string {
  return inspect(error, { depth: 20, showHidden: true, getters: true }) + JSON.stringify(error);
}
