import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { redirect, tooManyRequests, truncateBody } from '../../../src/local-platform/faults/fault.ts';
import {
  createPollWorkspace,
  sayAsPeer,
  sayAsUser,
  startTestPlatform,
} from '../../support/local-platform.ts';
import {
  bytesOf,
  FILE_ID,
  fileOf,
  forever,
  IDLE_BEAT,
  platformAt,
  refusal,
} from '../../support/platform-client.ts';
import { until } from '../../support/until.ts';

/** One workspace on a local platform, and the adapter under test in front of it. */
async function startPair(profile: 'may' | 'head') {
  const server = await startTestPlatform({ profile });
  const workspace = await createPollWorkspace(server);
  const client = platformAt(server.url, {
    workspaceId: workspace.id,
    credentials: { token: () => workspace.token },
  });
  return { server, workspace, client };
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe.each(['may', 'head'] as const)('against the local platform (%s)', (profile) => {
  it('registers, beats and describes', async () => {
    const { server, workspace, client } = await startPair(profile);
    const card = { name: 'laptop', skills: [{ name: 'review' }] };
    expect(await client.register(card, forever)).toEqual({ deliveryMode: 'poll' });
    await client.heartbeat({ ...IDLE_BEAT, uptimeSeconds: 7.9, currentTask: 'reading' }, forever);
    expect(await client.describe(forever)).toMatchObject({
      name: 'agent',
      status: 'online',
      raw: { id: workspace.id },
    });
    expect(server.requests.matching('POST /registry/heartbeat')[0]?.json).toMatchObject({
      uptime_seconds: 7,
    });
  });

  it('reads the feed page by page, both ways', async () => {
    const { server, workspace, client } = await startPair(profile);
    for (const text of ['one', 'two', 'three']) await sayAsUser(server, workspace, text);
    const ids = server.rows(workspace.id).map(({ id }) => String(id));
    const idsOf = async (query: Parameters<typeof client.readActivity>[0]) =>
      (await client.readActivity(query, forever)).rows.map((row) => (row as { id: string }).id);
    expect(await idsOf({ limit: 2, sinceSecs: 600 })).toEqual([ids[2], ids[1]]);
    expect(await idsOf({ limit: 2, sinceId: ids[0] ?? '' })).toEqual([ids[1], ids[2]]);
    const beforeTs = String(server.rows(workspace.id)[2]?.created_at);
    expect(await idsOf({ limit: 500, beforeTs })).toEqual([ids[1], ids[0]]);
    const { serverNowMicros } = await client.readActivity({ limit: 1 }, forever);
    expect(Math.abs((serverNowMicros ?? 0) / 1000 - Date.now())).toBeLessThan(2000);
  });

  it('tells a lost cursor from a refused token from a removed workspace', async () => {
    const { server, workspace, client } = await startPair(profile);
    expect(await refusal(client.readActivity({ limit: 1, sinceId: randomUUID() }, forever))).toMatchObject({
      kind: 'cursor-gone',
      status: 410,
    });
    server.revokeTokens(workspace.id);
    expect(await refusal(client.readActivity({ limit: 1 }, forever))).toMatchObject({
      kind: 'unauthorised',
      detail: 'invalid workspace auth token',
    });
    expect(await client.describe(forever)).toMatchObject({ name: 'agent' });
    server.removeWorkspace(workspace.id);
    expect(await refusal(client.describe(forever))).toMatchObject({ kind: 'removed', status: 410 });
    server.removeWorkspace(workspace.id, { purge: true });
    expect(await refusal(client.describe(forever))).toMatchObject({ kind: 'removed', status: 404 });
  });

  it('brings an upload down and acknowledges it, twice if need be', async () => {
    const { server, workspace, client } = await startPair(profile);
    const bytes = new Uint8Array(randomBytes(300_000));
    const [file] = await sayAsUser(server, workspace, 'see', [
      { name: 'a.bin', bytes, type: 'application/zip' },
    ]);
    const fileId = file?.uri.split('/').at(-1) ?? '';
    const download = await client.openUpload(fileId, forever, 'application/zip');
    expect(download).toMatchObject({ contentLength: bytes.length, mimeType: 'application/zip' });
    expect(sha256(await bytesOf(download.body))).toBe(sha256(bytes));
    await client.acknowledgeUpload(fileId, forever);
    await client.acknowledgeUpload(fileId, forever);
    expect(await refusal(client.openUpload(FILE_ID, forever))).toMatchObject({ kind: 'not-found' });
  });

  it('notices a cut upload', async () => {
    const { server, workspace, client } = await startPair(profile);
    const [file] = await sayAsUser(server, workspace, 'see', [{ name: 'a.txt', bytes: 'x'.repeat(1000) }]);
    server.faults.on(({ route: seen }) => seen.endsWith('/content'), truncateBody(10));
    const download = await client.openUpload(file?.uri.split('/').at(-1) ?? '', forever);
    expect(await refusal(bytesOf(download.body))).toMatchObject({ kind: 'unavailable' });
  });

  it('sends files up and speaks to the user about them', async () => {
    const { server, workspace, client } = await startPair(profile);
    const uploaded = await client.uploadFiles(
      [fileOf('a.txt', 'one'), fileOf('b c.pdf', 'two', 'application/pdf')],
      forever,
    );
    expect(uploaded).toMatchObject([
      { name: 'a.txt', mimeType: 'text/plain', size: 3 },
      { name: 'b_c.pdf', mimeType: 'application/pdf', size: 3 },
    ]);
    await client.notifyUser('here they are', uploaded, forever);
    await server.settled();
    const echo = server.rows(workspace.id).find(({ method }) => method === 'notify');
    expect(echo).toMatchObject({ response_body: { result: 'here they are', parts: [{}, {}] } });
    expect(await refusal(client.uploadFiles([fileOf('empty.txt', '')], forever))).toMatchObject({
      status: 500,
    });
  });

  it('writes to a peer and reports about itself', async () => {
    const { server, workspace, client } = await startPair(profile);
    const peer = await createPollWorkspace(server, 'peer');
    const messageId = randomUUID();
    expect(await client.sendToPeer(peer.id, { messageId, text: 'please review' }, forever)).toMatchObject({
      status: 'queued',
      delivery_mode: 'poll',
    });
    await server.settled();
    expect(server.rows(peer.id)).toMatchObject([
      {
        source_id: workspace.id,
        request_body: { params: { message: { messageId, parts: [{ text: 'please review' }] } } },
      },
    ]);
    await client.reportActivity(
      { activityType: 'agent_log', summary: 'reviewed', requestBody: { a: 1 } },
      forever,
    );
    await server.settled();
    expect(server.rows(workspace.id)).toMatchObject([{ activity_type: 'agent_log', summary: 'reviewed' }]);
    expect(await refusal(client.sendToPeer(randomUUID(), { messageId, text: 'x' }, forever))).toMatchObject({
      kind: 'refused',
      status: 403,
    });
  });

  it('follows the wake-up stream', async () => {
    const { server, workspace, client } = await startPair(profile);
    const peer = await createPollWorkspace(server, 'peer');
    const leaving = new AbortController();
    const types: string[] = [];
    const done = client
      .wakeUps(({ type, data }) => types.push(`${type} ${data.method ?? ''}`), leaving.signal)
      .catch((error: unknown) => error);
    await until(() => types.length === 1, 'the stream is open');
    await sayAsPeer(server, peer, workspace, 'hello');
    await until(() => types.includes('ACTIVITY_LOGGED message/send'), 'the message woke us');
    leaving.abort();
    expect(await done).toMatchObject({ kind: 'aborted' });
    await until(() => server.faults.stream.open === 0, 'the stream is closed');
  });

  it('calls any other route', async () => {
    const { workspace, client } = await startPair(profile);
    expect(await client.call({ method: 'GET', path: '/health' }, forever)).toMatchObject({
      body: { status: 'ok' },
    });
    expect(
      await refusal(client.call({ method: 'GET', path: `/workspaces/${workspace.id}/nothing` }, forever)),
    ).toMatchObject({
      kind: 'no-such-route',
    });
  });

  it('meets its limits and its redirects', async () => {
    const { server, client } = await startPair(profile);
    server.faults.on('POST /registry/heartbeat', tooManyRequests(0));
    expect(await refusal(client.heartbeat(IDLE_BEAT, forever))).toMatchObject({
      kind: 'rate-limited',
      retryAfterMs: 1000,
    });
    server.faults.on('POST /registry/heartbeat', redirect('/health'));
    expect(await refusal(client.heartbeat(IDLE_BEAT, forever))).toMatchObject({ kind: 'redirected' });
    expect(server.requests.matching('GET /health')).toEqual([]);
  });
});

describe('a hosted tenant', () => {
  it('is reached with its org id, and is no deleted workspace without it (§1.6)', async () => {
    const server = await startTestPlatform({ orgId: 'org-1' });
    const { id, token } = server.createWorkspace({ name: 'agent' });
    const options = { workspaceId: id, credentials: { token: () => token } };
    expect(await refusal(platformAt(server.url, options).describe(forever))).toMatchObject({
      kind: 'no-such-route',
    });
    expect(await platformAt(server.url, { ...options, orgId: 'org-1' }).describe(forever)).toMatchObject({
      name: 'agent',
    });
  });
});
