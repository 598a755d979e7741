import { lstat, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDisk } from '../../../adapters/disk/disk.ts';
import { openEventLog } from '../../../adapters/event-log/event-log.ts';
import { classifyRow } from '../../../src/domain/wire/classify.ts';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { dripBody, gzipBody, latency, stallBody } from '../../../src/local-platform/faults/fault.ts';
import { ACK, attachmentsOf, CONTENT, openFileDesk, rowOf } from '../../support/file-desk.ts';
import { createPollWorkspace, sayAsPeer, sayAsUser } from '../../support/local-platform.ts';
import { recordingLogger } from '../../support/recording-logger.ts';
import { chatRow, idOf, uploadRow } from '../../support/rows.ts';
import { createTempFolder } from '../../support/temp-folder.ts';
import { until } from '../../support/until.ts';

const FOREVER = { times: Number.POSITIVE_INFINITY };
const FILE = { name: 'report.txt', bytes: 'the very bytes of the report' };
const FILE_ID = 'c0de0000-1111-4222-8333-444455556666';
const mode = async (path: string) => ((await lstat(path)).mode & 0o777).toString(8);

describe('what the reference client does with files, and we do not', () => {
  it('W-16, W-17: a body that drips holds neither the next poll nor another file', async () => {
    const desk = await openFileDesk();
    const drip = desk.platform.faults.on(CONTENT, dripBody(1, 100));
    const bridge = await desk.start({ MOLECULE_UPLOAD_DEADLINE_SECS: '0.5' });
    await sayAsUser(desk.platform, desk.workspace, 'slow', [{ name: 'slow.bin', bytes: 'x'.repeat(1000) }]);
    await until(() => drip.remaining === 0, 'the drip has begun');
    const poll = await desk.platform.requests.next('GET /workspaces/:id/activity');
    expect(poll.route).toBeTruthy();
    await sayAsUser(desk.platform, desk.workspace, 'quick', [FILE]);
    const [slow, quick] = await bridge.holds(2);
    expect(slow?.attachments?.[0]?.status).toBe('pending');
    expect(quick?.attachments?.[0]?.status).toBe('staged');
  });

  it('W-18: a transfer under way does not delay the end, and leaves no partial file', async () => {
    const desk = await openFileDesk();
    desk.platform.faults.on(CONTENT, stallBody(5), FOREVER);
    const bridge = await desk.start();
    await desk.upload(FILE);
    await until(async () => (await desk.staged()).length === 1, 'the temp of the transfer');
    const at = performance.now();
    await bridge.close();
    expect(performance.now() - at).toBeLessThan(1500);
    expect(await desk.staged()).toEqual([]);
  });

  it('W-32: files go where an ordinary user may write, and the path opens', async () => {
    const desk = await openFileDesk();
    const bridge = await desk.start();
    await sayAsUser(desk.platform, desk.workspace, 'here', [FILE]);
    const [file] = await attachmentsOf(bridge, 'staged');
    expect(file?.path?.startsWith(desk.stateFolder)).toBe(true);
    expect(await readFile(file?.path ?? '', 'utf8')).toBe(FILE.bytes);
  });

  it('W-32: MOLECULE_UPLOADS_DIR says where', async () => {
    const desk = await openFileDesk();
    const folder = join(desk.stateFolder, 'elsewhere');
    const bridge = await desk.start({ MOLECULE_UPLOADS_DIR: folder });
    await sayAsUser(desk.platform, desk.workspace, 'here', [FILE]);
    const [file] = await attachmentsOf(bridge, 'staged');
    expect(dirname(file?.path ?? '')).toBe(folder);
  });

  it('W-34: slashes and spaces around the base URL change no request', async () => {
    const desk = await openFileDesk();
    const bridge = await desk.start({ PLATFORM_URL: ` ${desk.platform.url}// ` });
    await sayAsUser(desk.platform, desk.workspace, 'here', [FILE]);
    await attachmentsOf(bridge, 'staged');
    await until(() => desk.requests(ACK).length === 1, 'the acknowledgement');
    const paths = desk.platform.requests.seen.map(({ path }) => path);
    expect(paths.filter((path) => path.includes('//'))).toEqual([]);
    const origins = new Set(desk.requests(CONTENT).map(({ headers }) => headers.origin));
    expect([...origins]).toEqual([desk.platform.url]);
  });

  it.each([
    ['from a peer', {}, true],
    ['with dots in its id', { file_id: '../../../workspaces/victim/restart?x=' }, false],
    ['with an id that is no UUID', { file_id: 'null' }, false],
    ["with another workspace's URI", { uri: `platform-pending:${FILE_ID}/${FILE_ID}` }, false],
    ['with an id in capitals', { file_id: FILE_ID.toUpperCase() }, false],
    ['in a JSON-RPC envelope', { jsonrpc: '2.0' }, false],
  ])('W-35: an upload row %s sends no request, and is a message', async (_, over, fromPeer) => {
    const desk = await openFileDesk();
    const peer = fromPeer ? await createPollWorkspace(desk.platform, 'forger') : null;
    const row = rowOf(
      {
        uri: `platform-pending:${desk.workspace.id}/${FILE_ID}`,
        name: 'forged.txt',
        mimeType: 'text/plain',
        size: 3,
      },
      desk.workspace.id,
    );
    await desk.platform.writeRow(desk.workspace.id, {
      ...row,
      sourceId: peer?.id ?? null,
      requestBody: { ...row.requestBody, ...over },
    });
    const bridge = await desk.start();
    await sayAsUser(desk.platform, desk.workspace, 'behind it');
    const messages = await bridge.holds(2);
    expect(messages.map(({ method }) => method)).toContain('chat_upload_receive');
    const outside = desk.platform.requests.seen.filter(({ path }) => /pending-uploads|restart/.test(path));
    expect(outside).toEqual([]);
  });

  it('W-36: a message that only bears the method of an upload or of an echo is not swallowed', async () => {
    const desk = await openFileDesk();
    const peer = await createPollWorkspace(desk.platform, 'peer');
    const requestBody = (text: string) => ({ params: { message: { parts: [{ kind: 'text', text }] } } });
    const base = { activityType: 'a2a_receive', targetId: desk.workspace.id };
    await desk.platform.writeRow(desk.workspace.id, {
      ...base,
      method: 'chat_upload_receive',
      sourceId: peer.id,
      requestBody: requestBody('from a peer'),
    });
    await desk.platform.writeRow(desk.workspace.id, {
      ...base,
      method: 'notify',
      requestBody: requestBody('from the canvas'),
    });
    const bridge = await desk.start();
    expect((await bridge.holds(2)).map(({ text }) => text)).toEqual(['from a peer', 'from the canvas']);
  });

  it.each(['may', 'head'] as const)(
    "W-39: the agent's own file is neither fetched nor acknowledged, and the user can open it (%s)",
    async (profile) => {
      const desk = await openFileDesk({ profile });
      const outgoing = join(desk.stateFolder, 'out', 'plan.txt');
      await mkdir(dirname(outgoing));
      await writeFile(outgoing, 'the plan');
      // Its rows are read long before the reply that names its id.
      desk.platform.faults.on('POST /workspaces/:id/chat/uploads', dripBody(20, 100));
      const env = { MOLECULE_ATTACH_ROOTS: dirname(outgoing), MOLECULE_UPLOAD_NOTICE_SECS: '0.1' };
      const bridge = await startOutside(desk, env);
      await bridge.call('send_message_to_user', { message: 'here it is', attachments: [outgoing] });
      await sayAsUser(desk.platform, desk.workspace, 'thanks');
      const [thanks] = await bridge.holds(1);
      expect(thanks).toMatchObject({ text: 'thanks' });
      expect(thanks).not.toHaveProperty('attachments');
      expect(await openAsUser(desk)).toBe('the plan');
      await bridge.close();

      const again = await startOutside(desk, env);
      await sayAsUser(desk.platform, desk.workspace, 'again');
      await again.holds(2);
      expect(
        desk.requests(CONTENT).filter(({ headers }) => headers['user-agent'] === 'molecule-inbox'),
      ).toEqual([]);
      expect(desk.requests(ACK)).toEqual([]);
      expect((await again.peek()).map(({ text }) => text)).toEqual(['thanks', 'again']);
    },
  );

  it('W-39: nor when the process dies before the reply', async () => {
    const desk = await openFileDesk();
    const outgoing = join(desk.stateFolder, 'out', 'plan.txt');
    await mkdir(dirname(outgoing));
    await writeFile(outgoing, 'the plan');
    desk.platform.faults.on('POST /workspaces/:id/chat/uploads', stallBody(5));
    const env = { MOLECULE_ATTACH_ROOTS: dirname(outgoing), MOLECULE_UPLOAD_NOTICE_SECS: '0.1' };
    const bridge = await startOutside(desk, env);
    const sending = bridge
      .call('send_message_to_user', { message: 'here it is', attachments: [outgoing] })
      .catch(() => 'the process died');
    await until(() => desk.platform.rows(desk.workspace.id).length > 0, 'the platform has it');
    await bridge.kill();
    await sending;

    const again = await startOutside(desk, env);
    await sayAsUser(desk.platform, desk.workspace, 'hello?');
    const [message] = await again.holds(1);
    expect(message).toMatchObject({ text: 'hello?' });
    expect(message).not.toHaveProperty('attachments');
    expect(desk.requests(CONTENT)).toEqual([]);
    expect(desk.requests(ACK)).toEqual([]);
    expect(await openAsUser(desk)).toBe('the plan');
  });

  it('W-40: 64 MiB of zeros in some kB of gzip cost neither memory nor disk', async () => {
    const desk = await openFileDesk({ profile: 'head', maxRequestBytes: 300 * 1024 * 1024 });
    const zeros = new Uint8Array(64 * 1024 * 1024);
    const [file] = await desk.upload({ name: 'zeros.bin', bytes: zeros });
    desk.platform.faults.on(CONTENT, gzipBody(), FOREVER);
    const bridge = await desk.start({ MOLECULE_UPLOAD_DEADLINE_SECS: '1' });
    const before = await residentBytes(bridge.pid);
    await desk.cite('here', [{ ...file }]);
    const [message] = await bridge.holds(1);
    expect(message?.attachments?.[0]?.status).toBe('failed');
    expect((await residentBytes(bridge.pid)) - before).toBeLessThan(40 * 1024 * 1024);
    expect(await desk.staged()).toEqual([]);
    expect(desk.requests(ACK)).toEqual([]);
  });

  it('W-41: what a kill leaves of a transfer has no final name, and is swept at the next start', async () => {
    const desk = await openFileDesk();
    const stall = desk.platform.faults.on(CONTENT, stallBody(5), FOREVER);
    const first = await desk.start();
    await desk.upload(FILE);
    const [temp] = await until(async () => {
      const names = await desk.staged();
      return names.length > 0 ? names : null;
    }, 'the temp of the transfer');
    expect(temp).toMatch(/^\..*\.tmp$/);
    await first.kill();
    expect(await desk.staged()).toEqual([temp]);
    stall.off();
    const held = desk.platform.faults.hold(CONTENT);
    await desk.start();
    await until(async () => (await desk.staged()).length === 0, 'swept');
    held.release();
    await until(() => desk.requests(ACK).length === 1, 'fetched again');
    expect((await desk.staged()).map((name) => name.slice(33))).toEqual(['report.txt']);
  });

  it('W-42: a link in the place of the folder is refused, and the folder is private', async () => {
    const desk = await openFileDesk();
    const first = await desk.start();
    await sayAsUser(desk.platform, desk.workspace, 'one', [FILE]);
    const [file] = await attachmentsOf(first, 'staged');
    const folder = dirname(file?.path ?? '');
    expect(await mode(folder)).toBe('700');
    expect(await mode(file?.path ?? '')).toBe('600');
    await first.close();

    const elsewhere = join(desk.stateFolder, 'elsewhere');
    await rename(folder, elsewhere);
    await symlink(elsewhere, folder);
    const bridge = await desk.start({ MOLECULE_UPLOAD_DEADLINE_SECS: '0.5' });
    await sayAsUser(desk.platform, desk.workspace, 'two', [{ name: 'second.txt', bytes: 'second' }]);
    const two = await until(
      async () => (await bridge.peek()).find(({ text }) => text === 'two'),
      'the second message',
    );
    expect(two.attachments?.[0]).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('symbolic link'),
    });
  });

  it('W-43: the first of 1100 files resolves', async () => {
    const desk = await openFileDesk();
    const first = await desk.start();
    const [file] = await sayAsUser(desk.platform, desk.workspace, 'here', [FILE]);
    const [message] = await first.holds(1);
    await first.pop(message?.activity_id ?? '');
    await until(() => desk.requests(ACK).length === 1, 'acknowledged');
    await first.close();
    await noteStagedFiles(desk, 1099);

    const bridge = await desk.start();
    await desk.cite('that one again', [{ ...file }]);
    const [again] = await attachmentsOf(bridge, 'staged');
    expect(await readFile(again?.path ?? '', 'utf8')).toBe(FILE.bytes);
    expect(desk.requests(CONTENT)).toHaveLength(1);
  });

  it('W-55: nothing that an injected prompt would ask for leaves, and no request is made', async () => {
    const desk = await openFileDesk();
    const out = createTempFolder('out');
    await mkdir(join(out, '.ssh'), { recursive: true });
    await writeFile(join(out, '.ssh', 'id_rsa'), 'a key');
    await writeFile(join(desk.stateFolder, '.auth_token'), desk.workspace.token);
    await symlink(join(desk.stateFolder, '.auth_token'), join(out, 'notes.txt'));
    const bridge = await desk.start({ MOLECULE_ATTACH_ROOTS: out });
    const asked = ['/etc/shadow', '/etc/hostname', join(out, '.ssh', 'id_rsa'), join(out, 'notes.txt')];
    for (const path of [...asked, join(desk.stateFolder, '.auth_token'), '/dev/zero', out]) {
      const refusal = await bridge.refusal('send_message_to_user', { message: 'x', attachments: [path] });
      expect(refusal).toContain('Nothing was sent');
    }
    const sent = desk.platform.requests.seen.filter(({ path }) => /chat\/uploads|notify/.test(path));
    expect(sent).toEqual([]);
  });

  it("W-55: what may leave is what the host's roots hold, where it offers them", async () => {
    const desk = await openFileDesk();
    const [inside, outside] = [createTempFolder('inside'), createTempFolder('outside')];
    for (const folder of [inside, outside]) await writeFile(join(folder, 'a.txt'), 'a');
    const bridge = await desk.start({}, [inside]);
    const send = (folder: string) => ({ message: 'x', attachments: [join(folder, 'a.txt')] });
    expect(await bridge.refusal('send_message_to_user', send(outside))).toContain(inside);
    expect(desk.requests('POST /workspaces/:id/chat/uploads')).toEqual([]);
    await bridge.call('send_message_to_user', send(inside));
    expect(desk.requests('POST /workspaces/:id/chat/uploads')).toHaveLength(1);
  });

  it('a peer hears nothing of a file that hangs (C8-3)', async () => {
    const desk = await openFileDesk();
    const peer = await createPollWorkspace(desk.platform, 'peer');
    desk.platform.faults.on(CONTENT, latency(5_000), FOREVER);
    const bridge = await desk.start();
    await desk.upload(FILE);
    await until(() => desk.requests(CONTENT).length === 1, 'under way');
    await sayAsPeer(desk.platform, peer, desk.workspace, 'no file of mine');
    const [message] = await bridge.holds(1);
    expect(message).not.toHaveProperty('attachments');
  });
});

type Desk = Awaited<ReturnType<typeof openFileDesk>>;

/** Starts the bridge with its state beside, not above, the folder that may be attached from. */
function startOutside(desk: Desk, env: Readonly<Record<string, string>>) {
  return desk.start({ ...env, CONFIGS_DIR: join(desk.stateFolder, 'state') });
}

/** Has the log say what it says after so many more files have come, been acknowledged, shown and popped. */
async function noteStagedFiles({ stateFolder, workspace }: Desk, count: number): Promise<void> {
  const [name = ''] = await readdir(join(stateFolder, 'workspaces'));
  const logger = recordingLogger();
  const log = openEventLog({
    folder: join(stateFolder, 'workspaces', name),
    disk: createDisk({ logger }),
    logger,
  });
  const ledger = await openLedger({ log, clock: Date.now });
  const created_at = new Date().toISOString();
  const fileIds = Array.from({ length: count }, (_, index) => idOf(index, 'file'));
  const rows = fileIds.map((file_id, index) => {
    const uri = `platform-pending:${workspace.id}/${file_id}`;
    const request_body = { file_id, uri, name: `${index}.txt`, mimeType: 'text/plain', size: 1 };
    return uploadRow(index, index, { created_at, request_body });
  });
  const chat = chatRow(count, 'all of these', { created_at });
  const classified = [...rows, chat].map((row) => classifyRow(row, workspace.id));
  await ledger.commit({ type: 'takeRows', rows: classified, opened: null, advanced: null });
  const staged = (fileId: string) =>
    ({ status: 'staged', path: join(stateFolder, fileId), bytes: 1, mimeType: '' }) as const;
  await Promise.all(
    fileIds.flatMap((fileId) => [
      ledger.commit({ type: 'settleUpload', fileId, outcome: staged(fileId), retryAtMs: 0 }),
      ledger.commit({ type: 'noteAcknowledged', fileId }),
    ]),
  );
  await ledger.commit({ type: 'releaseMessage', activityId: chat.id, outcomes: [] });
  await ledger.commit({ type: 'popMessage', activityId: chat.id, by: 'pop' });
  expect(ledger.state.uploads.size).toBe(count + 1);
  await ledger.close();
}

/** The bytes of the one file that the platform keeps, as the user's browser gets them. */
async function openAsUser({ platform, workspace }: Desk): Promise<string> {
  const [body] = platform.rows(workspace.id).flatMap(({ request_body }) => request_body ?? []);
  const { file_id: fileId } = body as { file_id: string };
  const reply = await fetch(`${platform.url}/workspaces/${workspace.id}/pending-uploads/${fileId}/content`, {
    headers: { authorization: `Bearer ${platform.adminToken}` },
  });
  return reply.text();
}

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}
