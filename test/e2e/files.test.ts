import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { latency, serverError, stallBody } from '../../src/local-platform/faults/fault.ts';
import { ACK, attachmentsOf, CONTENT, openFileDesk, rowOf } from '../support/file-desk.ts';
import { createPollWorkspace, sayAsPeer, sayAsUser } from '../support/local-platform.ts';
import { until } from '../support/until.ts';

const ALPHA = { name: 'alpha.txt', bytes: 'first file' };

describe('files on their way to the agent, over real HTTP and stdio', () => {
  it('four are fetched beside each other, no more at a time (C8-1)', async () => {
    const desk = await openFileDesk();
    const held = desk.platform.faults.hold(CONTENT, { times: Number.POSITIVE_INFINITY });
    const bridge = await desk.start();
    const files = Array.from({ length: 6 }, (_, index) => ({ name: `${index}.txt`, bytes: `file ${index}` }));
    await desk.upload(...files);
    await until(() => desk.requests(CONTENT).length === 4, 'four requests beside each other');
    await sayAsUser(desk.platform, desk.workspace, 'six files');
    expect(desk.requests(CONTENT)).toHaveLength(4);
    held.release();
    expect(await attachmentsOf(bridge, ...files.map(() => 'staged'))).toHaveLength(6);
  });

  it('W-1: say the same in the push, in peek, in wait and in the resource', async () => {
    const desk = await openFileDesk();
    const bridge = await desk.start({ MOLECULE_UPLOAD_DEADLINE_SECS: '0.5' });
    desk.platform.faults.on(
      ({ route, n }) => route === CONTENT && n > 0 && desk.requests(CONTENT).length > 1,
      stallBody(3),
      { times: Number.POSITIVE_INFINITY },
    );
    await desk.upload(ALPHA);
    await until(() => desk.requests(ACK).length === 1, 'the first one');
    await desk.upload({ name: 'slow.txt', bytes: 'never whole' });
    await sayAsUser(desk.platform, desk.workspace, 'two files');
    const [push] = await bridge.pushed(1);
    const [staged, pending] = await attachmentsOf(bridge, 'staged', 'pending');
    const [peeked] = await bridge.peek();
    expect(await readFile(staged?.path ?? '', 'utf8')).toBe(ALPHA.bytes);
    expect(staged).toMatchObject({
      uri: `workspace:${staged?.path}`,
      size: 10,
      mimeType: 'text/plain',
    });
    expect(fileURLToPath(staged?.file_url ?? '')).toBe(staged?.path);
    expect(pending?.uri).toMatch(/^platform-pending:/);
    expect(pending?.reason).toBeTruthy();

    const shown = `alpha.txt · staged · ${staged?.path}`;
    const missing = `slow.txt · pending · ${pending?.reason}`;
    expect(push?.content).toContain(shown);
    expect(push?.content).toContain(missing);
    expect(push?.meta).toMatchObject({
      attachment_count: '2',
      attachment_1_path: staged?.path,
      attachment_1_status: 'staged',
      attachment_2_status: 'pending',
    });
    const waited = await bridge.call<{ attachments: unknown }>('wait_for_message', { timeout_secs: 1 });
    expect(waited.attachments).toEqual(peeked?.attachments);
    const text = await bridge.client.callTool({ name: 'inbox_peek', arguments: {} });
    expect(JSON.stringify(text.content)).toContain(shown);
    const { resources } = await bridge.client.listResources();
    const texts = await Promise.all(
      resources.map(async ({ uri }) => JSON.stringify((await bridge.client.readResource({ uri })).contents)),
    );
    expect(texts.some((read) => read.includes(staged?.path ?? '-') && read.includes('pending'))).toBe(true);
  });

  it('W-31: one that fails twice is fetched a third time, over a restart, and then acknowledged', async () => {
    const desk = await openFileDesk();
    const failing = desk.platform.faults.on(CONTENT, serverError(), { times: 2 });
    const first = await desk.start();
    await desk.upload(ALPHA);
    await until(() => failing.remaining === 1, 'the first failure');
    await first.kill();
    const bridge = await desk.start();
    await sayAsUser(desk.platform, desk.workspace, 'here');
    const [file] = await attachmentsOf(bridge, 'staged');
    expect(await readFile(file?.path ?? '', 'utf8')).toBe(ALPHA.bytes);
    await until(() => desk.requests(ACK).length === 1, 'the acknowledgement');
    expect(desk.requests(CONTENT).map(({ status }) => status)).toEqual([500, 500, 200]);
  });

  it('one that is gone is expired, and never acknowledged', async () => {
    const desk = await openFileDesk();
    const [file] = await desk.upload(ALPHA);
    desk.platform.clock.shiftBy(25 * 3600 * 1000);
    const bridge = await desk.start();
    await desk.cite('too late', [{ ...file }]);
    const [attachment] = await attachmentsOf(bridge, 'expired');
    expect(attachment).toMatchObject({ uri: file?.uri, name: 'alpha.txt' });
    expect(desk.requests(ACK)).toEqual([]);
  });

  it('two hundred reach one message, each fetched and acknowledged once', async () => {
    const desk = await openFileDesk();
    const bridge = await desk.start();
    for (let batch = 0; batch < 4; batch += 1) {
      const files = Array.from({ length: 50 }, (_, index) => {
        const number = batch * 50 + index;
        return { name: `${number}.txt`, bytes: `number ${number}` };
      });
      await desk.upload(...files);
    }
    await sayAsUser(desk.platform, desk.workspace, 'all of these');
    const attachments = await attachmentsOf(bridge, ...Array.from({ length: 200 }, () => 'staged'));
    for (const { name, path } of attachments)
      expect(await readFile(path ?? '', 'utf8')).toBe(`number ${name.replace('.txt', '')}`);
    await until(() => desk.requests(ACK).length === 200, 'every acknowledgement');
    expect(desk.requests(CONTENT)).toHaveLength(200);
  });

  it('W-38: the same row three times and failing acknowledgements leave one copy', async () => {
    const desk = await openFileDesk();
    const refusing = desk.platform.faults.on(ACK, serverError(), { times: 2 });
    const bridge = await desk.start();
    const [file] = await desk.upload(ALPHA);
    for (let time = 0; time < 2; time += 1)
      if (file) await desk.platform.writeRow(desk.workspace.id, rowOf(file, desk.workspace.id));
    await sayAsUser(desk.platform, desk.workspace, 'once');
    await attachmentsOf(bridge, 'staged');
    await until(() => refusing.remaining === 0 && desk.requests(ACK).length === 3, 'the third try');
    expect(await desk.staged()).toHaveLength(1);
    expect(desk.requests(CONTENT)).toHaveLength(1);
  });

  it('one that nobody announced is fetched for the chat that cites it, and its late row changes nothing', async () => {
    const desk = await openFileDesk();
    const [file] = await desk.upload(ALPHA);
    desk.platform.faults.prune(desk.workspace.id);
    const bridge = await desk.start();
    await desk.cite('look', [{ ...file }]);
    const [attachment] = await attachmentsOf(bridge, 'staged');
    expect(await readFile(attachment?.path ?? '', 'utf8')).toBe(ALPHA.bytes);
    if (file) await desk.platform.writeRow(desk.workspace.id, rowOf(file, desk.workspace.id));
    await sayAsUser(desk.platform, desk.workspace, 'next');
    const [, next] = await bridge.holds(2);
    expect(next).not.toHaveProperty('attachments');
    expect(desk.requests(CONTENT)).toHaveLength(1);
  });

  it('one that no chat follows gets a message of its own, also when that comes due while nobody runs', async () => {
    const desk = await openFileDesk();
    const env = { MOLECULE_UPLOAD_NOTICE_SECS: '1.5' };
    const first = await desk.start(env);
    await desk.upload(ALPHA);
    await until(() => desk.requests(ACK).length === 1, 'the file is here');
    expect(await first.peek()).toEqual([]);
    await first.kill();
    const bridge = await desk.start(env);
    const [file] = await attachmentsOf(bridge, 'staged');
    const [message] = await bridge.peek();
    expect(message).toMatchObject({ kind: 'upload_notice', text: expect.stringContaining('alpha.txt') });
    expect((await bridge.pushed(1))[0]?.content).toContain(file?.path);
    await sayAsUser(desk.platform, desk.workspace, 'by the way');
    expect((await bridge.holds(2))[1]).not.toHaveProperty('attachments');
  });

  it('one that hangs holds its chat until the deadline, a peer never, and no later chat', async () => {
    const desk = await openFileDesk();
    const { platform, workspace } = desk;
    const peer = await createPollWorkspace(platform, 'reviewer');
    platform.faults.on(CONTENT, stallBody(4), { times: Number.POSITIVE_INFINITY });
    const bridge = await desk.start({ MOLECULE_UPLOAD_DEADLINE_SECS: '4' });
    await sayAsUser(platform, workspace, 'with a file', [ALPHA]);
    await until(() => desk.requests(CONTENT).length === 1, 'the transfer hangs');
    await sayAsUser(platform, workspace, 'behind it');
    await sayAsPeer(platform, peer, workspace, 'from a peer');
    const [first] = await bridge.holds(1);
    expect(first?.text).toBe('from a peer');
    const texts = (await bridge.holds(3)).map(({ text }) => text);
    expect(texts.filter((text) => text !== 'from a peer')).toEqual(['with a file', 'behind it']);
    const before = performance.now();
    await sayAsUser(platform, workspace, 'much later');
    await bridge.holds(4);
    // Not held again until the deadline.
    expect(performance.now() - before).toBeLessThan(3900);
  });

  it('one that comes after its message was told as missing is announced, and peek shows it', async () => {
    const desk = await openFileDesk();
    const held = desk.platform.faults.hold(CONTENT);
    const bridge = await desk.start({ MOLECULE_UPLOAD_DEADLINE_SECS: '0.3' });
    await sayAsUser(desk.platform, desk.workspace, 'report', [ALPHA]);
    await attachmentsOf(bridge, 'pending');
    await bridge.pushed(1);
    held.release();
    const [file] = await attachmentsOf(bridge, 'staged');
    const [, notice] = await bridge.pushed(2);
    expect(notice?.content).toContain(file?.path);
    expect(notice?.content).toContain('alpha.txt');
    const [original, late] = await bridge.holds(2);
    expect(late).toMatchObject({ kind: 'upload_notice', attachments: [{ status: 'staged' }] });
    expect(late?.text).toContain(original?.activity_id);
    expect(notice?.meta.activity_id).toBe(late?.activity_id);
  });

  it('W-37: a message that comes after a restart finds the file that came before it', async () => {
    const desk = await openFileDesk();
    const first = await desk.start();
    const [file] = await desk.upload(ALPHA);
    await until(() => desk.requests(ACK).length === 1, 'acknowledged');
    await first.kill();
    const bridge = await desk.start();
    await desk.cite('yesterday’s file', [{ ...file }]);
    const [attachment] = await attachmentsOf(bridge, 'staged');
    expect(await readFile(attachment?.path ?? '', 'utf8')).toBe(ALPHA.bytes);
    expect(desk.requests(CONTENT)).toHaveLength(1);
  });

  it('one whose copy was deleted by somebody is fetched again where the platform still has it', async () => {
    const desk = await openFileDesk({ profile: 'head' });
    const first = await desk.start();
    await sayAsUser(desk.platform, desk.workspace, 'here', [ALPHA]);
    const [file] = await attachmentsOf(first, 'staged');
    await until(() => desk.requests(ACK).length === 1, 'acknowledged');
    await first.close();
    await rm(file?.path ?? '');
    const bridge = await desk.start();
    const [again] = await attachmentsOf(bridge, 'staged');
    await until(() => readFile(again?.path ?? '', 'utf8').catch(() => ''), 'the copy is back');
    expect(await readFile(again?.path ?? '', 'utf8')).toBe(ALPHA.bytes);
    expect(desk.requests(ACK)).toHaveLength(1);
  });

  it('one whose copy is gone for good is expired', async () => {
    const desk = await openFileDesk();
    const first = await desk.start();
    await sayAsUser(desk.platform, desk.workspace, 'here', [ALPHA]);
    const [file] = await attachmentsOf(first, 'staged');
    await until(() => desk.requests(ACK).length === 1, 'acknowledged');
    await first.close();
    await writeFile(file?.path ?? '', 'somebody else wrote something longer');
    // A server of August keeps what was acknowledged for a while.
    desk.platform.clock.shiftBy(25 * 3600 * 1000);
    const bridge = await desk.start();
    await attachmentsOf(bridge, 'expired');
  });

  it('past the quota the oldest go, never what an unread message shows, never what the log does not name', async () => {
    const desk = await openFileDesk();
    const first = await desk.start();
    const { platform, workspace } = desk;
    const kilo = (name: string) => ({ name, bytes: 'x'.repeat(1000) });
    await sayAsUser(platform, workspace, 'unread', [kilo('unread.txt')]);
    const [unread] = await attachmentsOf(first, 'staged');
    await sayAsUser(platform, workspace, 'read', [kilo('old.txt'), kilo('young.txt')]);
    const [, read] = await first.holds(2);
    await first.pop(read?.activity_id ?? '');
    const stranger = join(unread?.path ?? '', '..', `${'0'.repeat(32)}-stranger.txt`);
    await writeFile(stranger, 'not ours');
    await first.close();

    const bridge = await desk.start({ MOLECULE_UPLOADS_KEEP_BYTES: '2000' });
    await until(async () => (await desk.staged()).length === 3, 'the oldest one is deleted');
    expect((await desk.staged()).map((name) => name.slice(33)).sort()).toEqual([
      'stranger.txt',
      'unread.txt',
      'young.txt',
    ]);
    await attachmentsOf(bridge, 'staged');
  });

  it('four at a time are as quick as one, where the platform is what is slow', async () => {
    const desk = await openFileDesk();
    desk.platform.faults.on(CONTENT, latency(300), { times: Number.POSITIVE_INFINITY });
    const bridge = await desk.start();
    await desk.upload(...[1, 2, 3, 4].map((number) => ({ name: `${number}.txt`, bytes: 'small' })));
    await sayAsUser(desk.platform, desk.workspace, 'four');
    await attachmentsOf(bridge, 'staged', 'staged', 'staged', 'staged');
    const at = desk.requests(CONTENT).map(({ atMs }) => atMs);
    expect(Math.max(...at) - Math.min(...at)).toBeLessThan(250);
  });
});
