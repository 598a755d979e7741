import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  answer,
  dripBody,
  dropConnection,
  type Fault,
  gzipBody,
  htmlPage,
  redirect,
  serverError,
  shortenBody,
  truncateBody,
  unsizedBody,
} from '../../src/local-platform/faults/fault.ts';
import { text } from '../../src/local-platform/http/reply.ts';
import { ACK, attachmentsOf, CONTENT, openFileDesk } from '../support/file-desk.ts';
import { sayAsUser } from '../support/local-platform.ts';
import { until } from '../support/until.ts';

const FOREVER = { times: Number.POSITIVE_INFINITY };
const FILE = { name: 'report.txt', bytes: 'the very bytes of the report' };

/** What a server, a proxy or a captive portal may give in place of the bytes. */
const wrong: readonly (readonly [what: string, fault: Fault])[] = [
  ['W-33: a redirect', redirect('http://127.0.0.1:1/elsewhere')],
  [
    'W-33: success without content',
    answer({ status: 204, headers: {}, body: { kind: 'bytes', bytes: Buffer.alloc(0) } }),
  ],
  [
    'W-33: another success',
    answer({ status: 203, headers: {}, body: { kind: 'bytes', bytes: Buffer.from(FILE.bytes) } }),
  ],
  ['W-33: a web page', htmlPage()],
  ['W-33: a web page of the right length', htmlPage('<p>'.padEnd(FILE.bytes.length, ' '))],
  ['W-33: a body that breaks off', truncateBody(4)],
  ['W-33: a whole reply of fewer bytes', shortenBody(4)],
  ['no bytes at all', shortenBody(0)],
  ['W-40: a compressed body', gzipBody()],
  ['W-31: a server error', serverError()],
  ['a broken connection', dropConnection('request')],
  ['W-16, W-17: a byte now and then', dripBody(1, 200)],
];

describe('what is not the file', () => {
  it.each(wrong)('%s is neither staged nor acknowledged, and the file comes later', async (_, fault) => {
    const desk = await openFileDesk();
    const switched = desk.platform.faults.on(CONTENT, fault, FOREVER);
    const bridge = await desk.start({ MOLECULE_UPLOAD_DEADLINE_SECS: '0.6' });
    await sayAsUser(desk.platform, desk.workspace, 'here', [FILE]);
    const [message] = await bridge.holds(1);
    expect(message?.attachments?.[0]?.status).toMatch(/^(?:pending|failed)$/);
    expect(message?.attachments?.[0]?.reason).toBeTruthy();
    expect((await desk.staged()).filter((name) => !name.startsWith('.'))).toEqual([]);
    expect(desk.requests(ACK)).toEqual([]);

    switched.off();
    const [file] = await attachmentsOf(bridge, 'staged');
    expect(await readFile(file?.path ?? '', 'utf8')).toBe(FILE.bytes);
    await until(() => desk.requests(ACK).length === 1, 'the acknowledgement');
    expect(await desk.staged()).toHaveLength(1);
  });

  it('W-33: bytes without a length count when they are as many as announced', async () => {
    const desk = await openFileDesk();
    desk.platform.faults.on(CONTENT, unsizedBody(), FOREVER);
    const bridge = await desk.start();
    await sayAsUser(desk.platform, desk.workspace, 'here', [FILE]);
    await attachmentsOf(bridge, 'staged');
  });

  it('W-33: a web page is the file when it is what the user sent', async () => {
    const desk = await openFileDesk();
    const bridge = await desk.start();
    const page = { name: 'page.html', bytes: '<h1>mine</h1>', type: 'text/html' };
    await sayAsUser(desk.platform, desk.workspace, 'here', [page]);
    await attachmentsOf(bridge, 'staged');
  });

  it('another size than announced is not the file', async () => {
    const desk = await openFileDesk();
    const bridge = await desk.start({ MOLECULE_UPLOAD_DEADLINE_SECS: '0.6' });
    const held = desk.platform.faults.commits.hold((row) => row.method === 'chat_upload_receive');
    const uploading = desk.upload(FILE);
    const row = await held.next();
    const body = row.requestBody as { uri: string; name: string; mimeType: string; size: number };
    await desk.cite('look', [{ ...body, size: body.size - 1 }]);
    const [message] = await bridge.holds(1);
    expect(message?.attachments?.[0]).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('announced'),
    });
    expect(await desk.staged()).toEqual([]);
    held.off();
    await uploading;
  });

  it.each([
    ['announced as such', FILE.bytes.length, false],
    ['as its length tells', null, false],
    ['as only its bytes tell', null, true],
  ])(
    'W-40: a file larger than the cap, %s, is too large and stays with the platform',
    async (_, size, unsized) => {
      const desk = await openFileDesk();
      if (unsized) desk.platform.faults.on(CONTENT, unsizedBody(), FOREVER);
      const [file] = await desk.upload(FILE);
      desk.platform.faults.prune(desk.workspace.id);
      const bridge = await desk.start({ MOLECULE_UPLOAD_MAX_BYTES: '20' });
      await desk.cite('large', [{ uri: file?.uri, name: file?.name, ...(size === null ? {} : { size }) }]);
      const [attachment] = await attachmentsOf(bridge, 'too_large');
      expect(attachment?.reason).toContain('20 bytes');
      expect(attachment?.uri).toBe(file?.uri);
      expect(await desk.staged()).toEqual([]);
      expect(desk.requests(ACK)).toEqual([]);
    },
  );

  it.each([
    ['in trouble', serverError(503)],
    ['behind a page that something else gives', answer(text(404, '<title>404</title>', 'text/html'))],
    ['answered for by something that knows no workspace', serverError(404, 'workspace not found')],
  ])('a file above the usual cap is not given up while the limits are %s', async (_, fault) => {
    const desk = await openFileDesk({ profile: 'head' });
    const silent = desk.platform.faults.on('GET /uploads/limits', fault, FOREVER);
    const large = { name: 'large.bin', bytes: new Uint8Array(26_214_401) };
    await desk.upload(large);
    const bridge = await desk.start({ MOLECULE_UPLOAD_DEADLINE_SECS: '0.6' });
    await sayAsUser(desk.platform, desk.workspace, 'large');
    const [missing] = await attachmentsOf(bridge, 'failed');
    expect(missing?.reason).toContain('not known at the moment');
    silent.off();
    const [here] = await attachmentsOf(bridge, 'staged');
    expect(here?.size).toBe(large.bytes.length);
    await until(() => desk.requests(ACK).length === 1, 'its acknowledgement');
  });

  it.each([
    ['what the server says', { profile: 'head' }, 'failed'],
    ['a May server’s where it says nothing', { profile: 'may' }, 'too_large'],
  ] as const)('the cap is %s', async (_, options, status) => {
    const desk = await openFileDesk(options);
    const [file] = await desk.upload(FILE);
    desk.platform.faults.prune(desk.workspace.id);
    const bridge = await desk.start({ MOLECULE_UPLOAD_DEADLINE_SECS: '0.6' });
    // One byte more than a May server takes; nobody ever sent so many.
    await desk.cite('large', [{ ...file, size: 26_214_401 }]);
    await attachmentsOf(bridge, status);
  });
});
