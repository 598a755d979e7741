import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { PlatformErrorKind } from '../../../src/domain/wire/platform-error.ts';
import { answering, answeringJson, startOddServer } from '../../support/odd-server.ts';
import { EVERY_CALL, forever, platformAt, refusal } from '../../support/platform-client.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** The calls that carry a token at every turn of the bridge, each with the reply that it is content with. */
const CALLS: readonly [string, Handler][] = [
  ['register', answeringJson(200, { status: 'registered', delivery_mode: 'poll' })],
  ['heartbeat', answeringJson(200, { status: 'ok' })],
  ['readActivity', answeringJson(200, [])],
  ['openUpload', answering(200, { 'content-type': 'text/plain' }, 'bytes')],
  ['notifyUser', answeringJson(200, { status: 'sent' })],
];

const PAGE = '<!doctype html><title>Sign in</title><p>Please sign in.';
const HTML = { 'content-type': 'text/html; charset=utf-8' };
const JSON_TYPE = { 'content-type': 'application/json' };

/** Replies that a proxy, a captive portal or a broken server may give to any of them, and what each one is. */
const ODD: readonly [string, PlatformErrorKind, (elsewhere: string) => Handler][] = [
  ['302 to another port', 'redirected', (elsewhere) => answering(302, { location: elsewhere })],
  [
    '307 to another port',
    'redirected',
    (elsewhere) => answering(307, { location: elsewhere }, 'redirecting'),
  ],
  ['308 to another path', 'redirected', () => answering(308, { location: '/elsewhere' })],
  ['303 to nowhere', 'redirected', () => answering(303)],
  ['304 that nobody asked for', 'redirected', () => answering(304)],
  ['204', 'malformed', () => answering(204)],
  ['200 with a web page', 'malformed', () => answering(200, HTML, PAGE)],
  ['200 without a byte', 'malformed', () => answering(200, { 'content-length': '0' })],
  [
    '200 compressed',
    'malformed',
    () => answering(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }, gzipSync('{"status":"ok"}')),
  ],
  ['200 cut off', 'unavailable', () => cutOff],
  ['401 with a web page', 'unauthorised', () => answering(401, HTML, PAGE)],
  ['404 with a web page', 'no-such-route', () => answering(404, HTML, PAGE)],
  [
    '429 that says 0 seconds',
    'rate-limited',
    () => answeringJson(429, { error: 'rate limit exceeded' }, { 'retry-after': '0' }),
  ],
  ['502 with a web page', 'unavailable', () => answering(502, HTML, PAGE)],
];

describe.each(CALLS)('W-50: %s', (name, content) => {
  it.each(ODD)('is refused by a %s (%s), once, and goes on afterwards', async (_what, kind, odd) => {
    const target = await startOddServer(content);
    let handle = odd(`${target.url}/workspaces/x/activity`);
    const server = await startOddServer((request, response) => handle(request, response));
    const platform = platformAt(server.url);
    const ask = () => EVERY_CALL[name]?.(platform, forever) ?? Promise.reject(new Error('no such call'));

    const error = await refusal(ask());
    expect(error.kind).toBe(kind);
    if (kind === 'rate-limited') expect(error.retryAfterMs).toBe(1000);
    expect(server.seen).toHaveLength(1);
    expect(target.accepted()).toBe(0);

    handle = content;
    await ask();
    expect(server.seen).toHaveLength(2);
  });
});

/** Promises a whole body and breaks off inside it. */
function cutOff(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { ...JSON_TYPE, 'content-length': '4096' });
  response.write('{"status":', () => response.destroy());
}
