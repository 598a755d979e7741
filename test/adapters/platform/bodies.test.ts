import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { answering, answeringJson, startOddServer } from '../../support/odd-server.ts';
import { EVERY_CALL, forever, IDLE_BEAT, platformAt, refusal } from '../../support/platform-client.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const withJson = Object.entries(EVERY_CALL).filter(([name]) => !['wakeUps', 'openUpload'].includes(name));
const NO_OBJECT = ['', 'null', '[[]]', '5', '"x"'];
/** JSON that each method must not take for its answer. `call` takes any: what it means is its caller's business. */
const WRONG_SHAPES: Readonly<Record<string, readonly string[]>> = {
  register: [...NO_OBJECT, '{}', '{"delivery_mode":5}'],
  heartbeat: NO_OBJECT,
  readActivity: ['', 'null', '5', '"x"', '{}', '{"rows":[]}'],
  describe: [...NO_OBJECT, '{}', '{"status":null}'],
  acknowledgeUpload: NO_OBJECT,
  notifyUser: [...NO_OBJECT, '{}'],
  uploadFiles: [...NO_OBJECT, '{}', '{"files":{}}', '{"files":[]}', '{"files":[{"uri":"","name":"a"}]}'],
  sendToPeer: ['', 'null'],
  reportActivity: [...NO_OBJECT, '{}'],
};

describe.each(withJson)('%s', (_name, call) => {
  it.each([
    ['a web page', '<!doctype html><title>Sign in</title>'],
    ['cut JSON', '[{"id":"0b7e6b0e-2f0f-4f4e-8a54'],
    ['plain text', 'ok'],
  ])('takes %s with 200 for malformed', async (_what, body) => {
    const server = await startOddServer(answering(200, { 'content-type': 'text/html' }, body));
    const error = await refusal(call(platformAt(server.url), forever));
    expect(error).toMatchObject({ kind: 'malformed', status: 200 });
  });

  it('takes JSON that breaks off before its announced end for unavailable', async () => {
    const server = await startOddServer((_request, response) => {
      response.writeHead(200, { ...JSON_TYPE, 'content-length': '1000' });
      response.write('{"status":"ok","files":[],"delivery_mode":"poll"}', () => response.destroy());
    });
    expect(await refusal(call(platformAt(server.url), forever))).toMatchObject({ kind: 'unavailable' });
  });

  it('never expands a compressed reply', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000, ' '));
    const server = await startOddServer(answering(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }, bomb));
    expect(await refusal(call(platformAt(server.url), forever))).toMatchObject({ kind: 'malformed' });
    expect(server.seen[0]?.headers['accept-encoding']).toBe('identity');
  });

  it.each([
    ['announced', { 'content-length': '5000' }],
    ['unannounced', {}],
  ])('reads no more than the limit of an %s body', async (_what, headers) => {
    const server = await startOddServer(
      answering(200, { ...JSON_TYPE, ...headers }, `"${'x'.repeat(4998)}"`),
    );
    const platform = platformAt(server.url, { limits: { jsonBytes: 4999 } });
    expect(await refusal(call(platform, forever))).toMatchObject({ kind: 'too-large' });
  });
});

describe.each(Object.entries(WRONG_SHAPES))('%s', (name, bodies) => {
  const call = (url: string) =>
    EVERY_CALL[name]?.(platformAt(url), forever) ?? Promise.resolve('no such call');

  it.each(bodies)('takes %j with 200 for malformed', async (body) => {
    const server = await startOddServer(answering(200, JSON_TYPE, body));
    expect(await refusal(call(server.url))).toMatchObject({ kind: 'malformed', status: 200 });
  });

  it('takes a 204 for malformed', async () => {
    const server = await startOddServer(answering(204));
    expect(await refusal(call(server.url))).toMatchObject({ kind: 'malformed', status: 204 });
  });
});

describe('what is more than expected', () => {
  it('is left alone', async () => {
    const server = await startOddServer(
      answeringJson(200, {
        status: 'ok',
        generation: 7,
        delivery_mode: 'poll',
        auth_token: 'never-works',
        surprise: [1],
      }),
    );
    const platform = platformAt(server.url);
    expect(await platform.heartbeat(IDLE_BEAT, forever)).toEqual({ generation: 7 });
    expect(await platform.register({ name: 'laptop', skills: [] }, forever)).toEqual({
      deliveryMode: 'poll',
    });
  });

  it('does not spoil a heartbeat', async () => {
    const server = await startOddServer(answeringJson(200, { status: 'ok', generation: 'many' }));
    expect(await platformAt(server.url).heartbeat(IDLE_BEAT, forever)).toEqual({});
  });

  it('may be as deep as it likes', async () => {
    const body = '['.repeat(5000) + ']'.repeat(5000);
    const server = await startOddServer(answering(200, JSON_TYPE, body));
    expect((await platformAt(server.url).readActivity({ limit: 1 }, forever)).rows).toHaveLength(1);
  });
});

describe('call', () => {
  it('gives null for an empty body', async () => {
    const server = await startOddServer(answering(204));
    const reply = await platformAt(server.url).call(
      { method: 'DELETE', path: '/workspaces/a/memory/b' },
      forever,
    );
    expect(reply).toEqual({ status: 204, body: null });
    expect(server.seen[0]).toMatchObject({ method: 'DELETE', headers: { 'content-length': '0' } });
  });

  it('sends nothing that cannot be written as JSON', async () => {
    const server = await startOddServer(answeringJson(200, {}));
    const loop = {};
    Object.assign(loop, { loop });
    const error = await refusal(
      platformAt(server.url).call({ method: 'POST', path: '/a', json: loop }, forever),
    );
    expect(error.kind).toBe('refused');
    expect(server.accepted()).toBe(0);
  });
});
