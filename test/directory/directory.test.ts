import { describe, expect, it } from 'vitest';
import { createDirectory } from '../../src/directory/directory.ts';
import type { Upload } from '../../src/domain/files/upload.ts';
import { htmlPage, plainNotFound, serverError } from '../../src/local-platform/faults/fault.ts';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import { calmly, type DeskOptions, type DeskWorkspace, openDesk, refusalOf } from '../outbox/desk.ts';
import { sayAsPeer, sayAsUser, startTestPlatform } from '../support/local-platform.ts';

const PEERS = 'GET /registry/:id/peers';

async function openDirectory(
  local: LocalPlatform,
  options: DeskOptions & { uploads?: Map<string, Upload> } = {},
) {
  const desk = await openDesk(local, options);
  const findUploads = async () => options.uploads ?? new Map<string, Upload>();
  return {
    ...desk,
    directory: createDirectory({ workspaces: desk.workspaces, peers: desk.deps.peers, findUploads }),
  };
}

describe('listPeers', () => {
  it('lists who can be reached, and through which workspace', async () => {
    // A server of August lists its own root as well.
    const local = await startTestPlatform({ profile: 'may' });
    const { directory, own, deps } = await openDirectory(local);
    const peer = local.createWorkspace({ name: 'reviewer', role: 'review' });
    const { peers, failures } = await directory.listPeers(undefined, calmly);
    expect(peers).toEqual([
      { id: peer.id, name: 'reviewer', role: 'review', status: 'awaiting_agent', via: own.id },
    ]);
    expect(failures).toEqual([]);
    expect(deps.peers.through(peer.id)).toEqual([own.id]);
  });

  it('W-63: names each workspace that could not be asked, with the true reason, beside the peers of the others', async () => {
    const local = await startTestPlatform();
    const { directory, workspaces } = await openDirectory(local, { count: 2 });
    const [first, second] = workspaces as [DeskWorkspace, DeskWorkspace];
    local.revokeTokens(first.id);
    local.issueToken(first.id);
    const list = await directory.listPeers(undefined, calmly);
    expect(list.failures).toEqual([
      { workspaceId: first.id, reason: expect.stringContaining('invalid workspace auth token') },
    ]);
    expect(list.peers.every(({ via }) => via === second.id)).toBe(true);
  });

  it.each([
    ['500', serverError(500, 'lookup failed'), 'lookup failed'],
    ['HTML', htmlPage(), 'web page'],
    ['a missing route', plainNotFound(), '404'],
  ])('W-63: when none could be asked, the reason is the refusal: %s', async (_name, fault, words) => {
    const local = await startTestPlatform();
    const { directory } = await openDirectory(local);
    local.faults.on(PEERS, fault);
    expect((await refusalOf(directory.listPeers(undefined, calmly))).message).toContain(words);
  });

  it('survives peers in any shape', async () => {
    const local = await startTestPlatform();
    const { directory } = await openDirectory(local);
    const odd = [null, 7, {}, { id: 5 }, { id: 'p', name: null, role: 3, status: null }];
    local.faults.on(PEERS, { kind: 'rewrite', change: () => odd });
    const { peers } = await directory.listPeers(undefined, calmly);
    expect(peers).toMatchObject([{ id: 'p', name: '', role: '', status: 'unknown' }]);
  });
});

describe('describeWorkspace', () => {
  it('one, or each', async () => {
    const local = await startTestPlatform();
    const { directory, workspaces } = await openDirectory(local, { count: 2 });
    const [first, second] = workspaces as [DeskWorkspace, DeskWorkspace];
    expect(await directory.describeWorkspace(second.id, calmly)).toMatchObject({
      id: second.id,
      name: 'own-2',
    });
    local.removeWorkspace(first.id);
    expect(await directory.describeWorkspace(undefined, calmly)).toMatchObject({
      workspaces: [{ id: first.id, error: 'removed', removed_at: expect.any(String) }, { id: second.id }],
    });
  });

  it('W-63: names each that could not be asked, with the true reason, beside the others', async () => {
    const local = await startTestPlatform();
    const { directory, workspaces } = await openDirectory(local, { count: 2 });
    const [first, second] = workspaces as [DeskWorkspace, DeskWorkspace];
    local.faults.on(
      ({ route, id }) => route === 'GET /workspaces/:id' && id === first.id,
      serverError(500, 'query failed'),
    );
    expect(await directory.describeWorkspace(undefined, calmly)).toMatchObject({
      workspaces: [{ id: first.id, error: expect.stringContaining('query failed') }, { id: second.id }],
    });
  });

  it.each([
    [500, 'query failed'],
    [401, 'invalid workspace auth token'],
  ])('W-63: %i is not "not found"', async (status, words) => {
    const local = await startTestPlatform();
    const { directory } = await openDirectory(local);
    local.faults.on('GET /workspaces/:id', serverError(status, words));
    expect((await refusalOf(directory.describeWorkspace(undefined, calmly))).message).toContain(words);
  });
});

describe('history with a peer', () => {
  it('both sides, oldest first, bounded, with a way further back', async () => {
    const local = await startTestPlatform();
    const { directory, outbox, own } = await openDirectory(local);
    const peer = local.createWorkspace({ name: 'peer' });
    await sayAsPeer(local, peer, own, 'question 1');
    const reported = local.requests.nextAnswered('POST /workspaces/:id/activity');
    await outbox.delegate({ workspaceId: peer.id, task: 'answer 1' }, calmly);
    await reported;
    await sayAsPeer(local, peer, own, 'question 2');
    const all = await directory.history({ peerId: peer.id, limit: 20 }, calmly);
    expect(all.map(({ direction, text }) => [direction, text])).toEqual([
      ['from_peer', 'question 1'],
      ['to_peer', 'answer 1'],
      ['from_peer', 'question 2'],
    ]);
    const newest = await directory.history({ peerId: peer.id, limit: 1 }, calmly);
    expect(newest).toEqual(all.slice(2));
    const beforeTs = String(newest[0]?.created_at);
    expect(await directory.history({ peerId: peer.id, limit: 20, beforeTs }, calmly)).toEqual(
      all.slice(0, 2),
    );
  });

  it('W-66: files by their local path, long texts cut and said to be', async () => {
    const local = await startTestPlatform();
    const uploads = new Map<string, Upload>();
    const { directory, own } = await openDirectory(local, { uploads });
    const [file] = await sayAsUser(local, own, `see ${'x'.repeat(9000)}`, [{ name: 'a.txt', bytes: 'abc' }]);
    const fileId = file?.uri.split('/').at(-1) ?? '';
    const upload = { outcome: { status: 'staged', path: '/staged/a.txt', bytes: 3, mimeType: 'text/plain' } };
    uploads.set(fileId, upload as Upload);
    const [entry] = await directory.history({ peerId: 'user', limit: 20 }, calmly);
    expect(entry).toMatchObject({
      direction: 'from_user',
      cut_from_chars: 9004,
      attachments: [{ uri: 'workspace:/staged/a.txt', path: '/staged/a.txt', status: 'staged' }],
    });
    uploads.clear();
    const [without] = await directory.history({ peerId: '', limit: 20 }, calmly);
    expect(without?.attachments).toMatchObject([{ uri: file?.uri, status: 'failed' }]);
  });

  it('W-66: what has no words is shown as sent, its files under their local URIs', async () => {
    const local = await startTestPlatform();
    const uploads = new Map<string, Upload>();
    const { directory, own } = await openDirectory(local, { uploads });
    const peer = local.createWorkspace({ name: 'peer' });
    const fileId = 'dddddddd-0000-4000-8000-000000000001';
    const outcome = { status: 'staged', path: '/staged/a.bin', bytes: 3, mimeType: '' };
    uploads.set(fileId, { outcome } as Upload);
    const parts = (uri: string) => [
      { kind: 'data', data: { rows: 3 } },
      { kind: 'file', file: { uri } },
    ];
    const requestBody = (uri: string) => ({ params: { message: { parts: parts(uri) } } });
    const pending = `platform-pending:${own.id}/${fileId}`;
    const draft = {
      activityType: 'a2a_receive',
      method: 'message/send',
      sourceId: peer.id,
      summary: 'queued',
    };
    await local.writeRow(own.id, { ...draft, requestBody: requestBody(pending) }, { quietly: true });
    const [entry] = await directory.history({ peerId: peer.id, limit: 20 }, calmly);
    expect(entry).toMatchObject({ text: 'queued', body: requestBody('workspace:/staged/a.bin') });
  });

  it('W-24: a body nested too deep to be written is left out, and hides nothing beside it', async () => {
    const local = await startTestPlatform();
    const { directory, own } = await openDirectory(local);
    const peer = local.createWorkspace({ name: 'peer' });
    const deep: unknown = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
    const draft = {
      activityType: 'a2a_receive',
      method: 'message/send',
      sourceId: peer.id,
      summary: 'queued',
    };
    await local.writeRow(own.id, { ...draft, requestBody: { deep } }, { quietly: true });
    await sayAsPeer(local, peer, own, 'hello');
    const entries = await directory.history({ peerId: peer.id, limit: 20 }, calmly);
    expect(entries.map(({ text, body }) => [text, body])).toEqual([
      ['queued', undefined],
      ['hello', undefined],
    ]);
  });

  it('pages behind ties and large amounts, and stops at what one answer may hold', async () => {
    const local = await startTestPlatform();
    const { directory, own } = await openDirectory(local);
    const peer = local.createWorkspace({ name: 'peer' });
    for (let n = 0; n < 230; n += 1) {
      await local.writeRow(
        own.id,
        {
          createdAtMicros: Date.now() * 1000 - (n < 150 ? 5_000_000 : n),
          activityType: 'a2a_receive',
          method: 'message/send',
          sourceId: peer.id,
          requestBody: {
            params: {
              message: { parts: [{ kind: 'text', text: `${n} ${'x'.repeat(n < 150 ? 3 : 3000)}` }] },
            },
          },
        },
        { quietly: true },
      );
    }
    const found = await directory.history({ peerId: peer.id, limit: 500 }, calmly);
    expect(new Set(found.map(({ activity_id }) => activity_id)).size).toBe(found.length);
    const chars = found.reduce((sum, { text }) => sum + String(text).length, 0);
    expect(chars).toBeLessThanOrEqual(256 * 1024);
    expect(found.length).toBeGreaterThan(80);
  });

  it('refuses a time that is none and a peer that is none, without a request', async () => {
    const local = await startTestPlatform();
    const { directory } = await openDirectory(local);
    await refusalOf(directory.history({ peerId: 'user', limit: 1, beforeTs: 'yesterday' }, calmly));
    await refusalOf(directory.history({ peerId: 'anna', limit: 1 }, calmly));
    expect(local.requests.seen).toEqual([]);
  });
});

describe('history with the user', () => {
  it.each(['may', 'head'] as const)('both sides, uploads under their message, %s', async (profile) => {
    const local = await startTestPlatform({ profile });
    const { directory, outbox, own } = await openDirectory(local);
    await sayAsUser(local, own, 'question', [{ name: 'a.txt', bytes: 'abc' }]);
    await outbox.sendToUser({ message: 'answer', attachments: [] }, calmly);
    await local.settled();
    const entries = await directory.history({ peerId: 'user', limit: 20 }, calmly);
    expect(entries.map(({ direction, text }) => [direction, text])).toEqual([
      ['from_user', 'question'],
      ['to_user', 'answer'],
    ]);
    expect(entries[0]?.attachments).toHaveLength(1);
  });
});
