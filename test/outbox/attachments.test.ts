import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isWanted } from '../../src/domain/files/upload.ts';
import {
  dropConnection,
  proxyGivesUp,
  rewriteJson,
  serverError,
} from '../../src/local-platform/faults/fault.ts';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import { startTestPlatform } from '../support/local-platform.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { until } from '../support/until.ts';
import { calmly, openDesk, receive, refusalOf } from './desk.ts';

const UPLOADS = 'POST /workspaces/:id/chat/uploads';
const NOTIFY = 'POST /workspaces/:id/notify';
const MEBI = 1024 * 1024;

/** What the user would get: each attached file's name and bytes, fetched by the operator. */
async function attached(local: LocalPlatform, workspaceId: string) {
  const files = local.requests.matching(NOTIFY).flatMap(({ json }) => (json as Notified).attachments ?? []);
  return Promise.all(
    files.map(async ({ uri, name, mimeType }) => {
      const path = `/workspaces/${workspaceId}/pending-uploads/${uri.split('/').at(-1)}/content`;
      const headers = { authorization: `Bearer ${local.adminToken}` };
      const reply = await fetch(local.url + path, { headers });
      return { name, mimeType, bytes: Buffer.from(await reply.arrayBuffer()).toString() };
    }),
  );
}

interface Notified {
  readonly attachments?: readonly {
    readonly uri: string;
    readonly name: string;
    readonly mimeType: string;
  }[];
}

describe('attachments go up', () => {
  it('as they are, named and typed, then the message; with progress', async () => {
    const local = await startTestPlatform();
    const { outbox, own, project } = await openDesk(local);
    writeFileSync(join(project, 'report.pdf'), 'pdf bytes');
    writeFileSync(join(project, 'main.ts'), 'export {};');
    const told: [number, number | null][] = [];
    const progress = (done: number, total: number | null) => told.push([done, total]);
    const sent = await outbox.sendToUser(
      { message: 'see both', attachments: ['report.pdf', pathToFileURL(join(project, 'main.ts')).href] },
      { ...calmly, progress },
    );
    expect(sent).toMatchObject({ attachments: 2, note: expect.stringContaining('24 hours') });
    expect(await attached(local, own.id)).toEqual([
      { name: 'report.pdf', mimeType: 'application/pdf', bytes: 'pdf bytes' },
      { name: 'main.ts', mimeType: 'text/plain', bytes: 'export {};' },
    ]);
    expect(told.at(-1)).toEqual([19, 19]);
  });

  it('W-39: the own upload is known as own in the log before the message is sent, and its row is skipped', async () => {
    const local = await startTestPlatform();
    const { outbox, own, project } = await openDesk(local);
    writeFileSync(join(project, 'a.txt'), 'mine');
    const held = local.faults.hold(NOTIFY);
    const sending = outbox.sendToUser({ message: 'here', attachments: ['a.txt'] }, calmly);
    await local.requests.next(NOTIFY);
    expect([...own.ledger.state.ownUploads.keys()]).toHaveLength(1);
    held.release();
    await sending;
    await receive(own);
    expect(own.ledger.state.uploads.size).toBe(0);
    expect(own.ledger.state.inbox.size).toBe(0);
  });

  it('W-39: a row seen before the reply has named its file is not fetched until it is known whose it is', async () => {
    const local = await startTestPlatform();
    const { outbox, own, project } = await openDesk(local);
    writeFileSync(join(project, 'a.txt'), 'mine');
    local.faults.on(UPLOADS, { kind: 'drip', chunkBytes: 20, everyMs: 20 });
    const sending = outbox.sendToUser({ message: 'here', attachments: ['a.txt'] }, calmly);
    await until(
      () => local.rows(own.id).length > 0,
      'the platform writes the row while its reply still drips',
    );
    await receive(own);
    const [upload] = [...own.ledger.state.uploads.values()];
    expect(upload && isWanted(upload)).toBe(false);
    await sending;
    expect(own.ledger.state.ownUploads.has(upload?.fileId ?? '')).toBe(true);
    expect(own.ledger.state.uploads.size).toBe(0);
  });

  it('W-39: a file whose id the reply does not tell stays under suspicion', async () => {
    const local = await startTestPlatform();
    const { outbox, own, project } = await openDesk(local);
    writeFileSync(join(project, 'a.txt'), 'mine');
    const uri = 'workspace:/workspace/.molecule/chat-uploads/a.txt';
    local.faults.on(
      UPLOADS,
      rewriteJson(() => ({ files: [{ uri, name: 'a.txt' }] })),
    );
    await outbox.sendToUser({ message: 'here', attachments: ['a.txt'] }, calmly);
    await receive(own);
    const [upload] = [...own.ledger.state.uploads.values()];
    expect(upload && isWanted(upload)).toBe(false);
  });

  it('accepts a staged file for the workspace it came from, under its own name', async () => {
    const local = await startTestPlatform();
    const staging = createTempFolder('staging');
    const staged = join(staging, `${'0123456789abcdef'.repeat(2)}-plan.txt`);
    writeFileSync(staged, 'the plan');
    let from = '';
    const { outbox, workspaces } = await openDesk(local, {
      count: 2,
      attachments: { closedFolders: [staging], stagedAt: async (path) => (path === staged ? from : null) },
    });
    const [first, second] = workspaces;
    from = second?.id ?? '';
    const request = { message: 'back to you', attachments: [`workspace:${staged}`] };
    const refused = await refusalOf(outbox.sendToUser({ ...request, workspaceId: first?.id ?? '' }, calmly));
    expect(refused.message).toContain('may not go to another');
    expect(local.requests.seen).toEqual([]);
    await outbox.sendToUser({ ...request, workspaceId: from }, calmly);
    expect(await attached(local, from)).toEqual([
      { name: 'plan.txt', mimeType: 'text/plain', bytes: 'the plan' },
    ]);
  });
});

describe('W-55: what must not leave is refused before any request', () => {
  it.each([
    ['a file outside', () => '/etc/passwd', 'outside'],
    ['a way out', () => '../state/.auth_token', "bridge's own state"],
    ['a symlink out', (project: string) => link(project, '/etc/passwd'), 'outside'],
    ['a symlinked folder', (project: string) => `${link(project, '/etc')}/passwd`, 'outside'],
    [
      'the state by a symlink',
      (project: string) => link(project, '../state/.auth_token'),
      "bridge's own state",
    ],
    ['a hidden file', (project: string) => file(project, '.env'), 'hidden'],
    ['a file in a hidden folder', (project: string) => file(project, '.git/config'), 'hidden'],
    ['a key', (project: string) => file(project, 'id_rsa'), 'looks like a key'],
    ['a folder', () => '.', 'is a folder'],
    ['a pipe', (project: string) => pipe(project), 'not a regular file'],
    ['nothing', () => 'nowhere.txt', 'does not exist'],
    ['a broken symlink', (project: string) => link(project, 'nowhere'), 'does not exist'],
    ['an empty file', (project: string) => file(project, 'empty.txt', ''), 'is empty'],
    ['a path with a NUL', () => 'a\0b', 'is no path'],
    ['a remote file URL', () => 'file://elsewhere/etc/passwd', 'no local path'],
  ])('%s', async (_name, make, reason) => {
    const local = await startTestPlatform();
    const { outbox, project, state } = await openDesk(local);
    writeFileSync(join(state, '.auth_token'), 'secret');
    file(project, 'fine.txt');
    const request = { message: 'take these', attachments: ['fine.txt', make(project)] };
    const refused = await refusalOf(outbox.sendToUser(request, calmly));
    expect(refused.message).toContain(reason);
    expect(refused.message).not.toContain('fine.txt');
    expect(local.requests.seen).toEqual([]);
  });

  it.each<[string, (project: string, outside: string) => void]>([
    ['a symlink', (project, outside) => symlinkSync(join(outside, 'a.txt'), join(project, 'dir', 'a.txt'))],
    ['a pipe', (project) => execFileSync('mkfifo', [join(project, 'dir', 'a.txt')])],
    [
      'a folder that is a symlink',
      (project, outside) => {
        rmSync(join(project, 'dir'), { recursive: true });
        symlinkSync(outside, join(project, 'dir'));
      },
    ],
  ])('what becomes %s between the look and the opening stays here', async (_name, exchange) => {
    const local = await startTestPlatform();
    const outside = createTempFolder('outside');
    file(outside, 'a.txt', 'secret');
    let project = '';
    let exchanged = false;
    const desk = await openDesk(local, {
      attachments: {
        // The last thing that is asked before a file is judged and opened.
        stagedAt: async (path) => {
          if (!exchanged) {
            exchanged = true;
            rmSync(path);
            exchange(project, outside);
          }
          return null;
        },
      },
    });
    project = desk.project;
    file(project, 'dir/a.txt', 'harmless');
    const refused = await refusalOf(
      desk.outbox.sendToUser({ message: 'x', attachments: ['dir/a.txt'] }, calmly),
    );
    expect(refused.message).toContain('was exchanged');
    expect(local.requests.seen).toEqual([]);
  });

  it("uses the configured roots, else the host's, else the working directory", async () => {
    const local = await startTestPlatform();
    const [one, two] = [createTempFolder('one'), createTempFolder('two')];
    const paths = [file(one, 'a.txt'), file(two, 'b.txt')].map((path, index) =>
      join(index === 0 ? one : two, path),
    );
    const offered = async () => [two];
    const { outbox } = await openDesk(local, {
      attachments: { configuredRoots: [one], offeredRoots: offered },
    });
    const refused = await refusalOf(outbox.sendToUser({ message: 'x', attachments: paths }, calmly));
    expect(refused.message).toContain(JSON.stringify(paths[1]));
    expect(refused.message).not.toContain(JSON.stringify(paths[0]));

    const hosted = await openDesk(local, { attachments: { offeredRoots: offered } });
    await hosted.outbox.sendToUser({ message: 'x', attachments: paths.slice(1) }, calmly);
    await refusalOf(
      hosted.outbox.sendToUser({ message: 'x', attachments: [file(hosted.project, 'c.txt')] }, calmly),
    );
  });
});

describe('limits and failures: nothing half', () => {
  it.each([
    ['may', 25 * MEBI + 1, 'a file'],
    ['head', 100 * MEBI, 'a file'],
  ] as const)('%s: a file above the limit is refused before it is read', async (profile, size, words) => {
    const local = await startTestPlatform({ profile });
    const { outbox, project } = await openDesk(local);
    truncateSync(join(project, file(project, 'big.bin')), size);
    const refused = await refusalOf(outbox.sendToUser({ message: 'x', attachments: ['big.bin'] }, calmly));
    expect(refused.message).toContain('big.bin');
    expect(refused.message).toContain(words);
    expect(local.requests.matching(UPLOADS)).toEqual([]);
  });

  it('asks the server for its limits, files together too', async () => {
    const local = await startTestPlatform({ profile: 'head', maxFileBytes: 3000, maxRequestBytes: 6000 });
    const { outbox, project } = await openDesk(local);
    const names = ['a', 'b'].map((name) => file(project, name, 'x'.repeat(2500)));
    const refused = await refusalOf(outbox.sendToUser({ message: 'x', attachments: names }, calmly));
    expect(refused.message).toContain('together');
    await outbox.sendToUser({ message: 'x', attachments: names.slice(1) }, calmly);
  });

  it('a refused upload names its files and sends no message', async () => {
    const local = await startTestPlatform();
    const { outbox, own, project } = await openDesk(local);
    file(project, 'a.txt');
    local.faults.on(UPLOADS, serverError(400, 'could not read file part'));
    const refused = await refusalOf(outbox.sendToUser({ message: 'x', attachments: ['a.txt'] }, calmly));
    expect(refused.message).toContain('a.txt');
    expect(refused.message).toContain('could not read file part');
    expect(local.requests.matching(NOTIFY)).toEqual([]);
    // Nothing was taken: a user's file that looks alike is fetched like any other.
    expect(own.ledger.state.sendings.size).toBe(0);
  });

  it('W-57: a name makes no line of its own in what is told of its file', async () => {
    const local = await startTestPlatform({ profile: 'head', maxFileBytes: 3000, maxRequestBytes: 6000 });
    const { outbox, project } = await openDesk(local);
    const name = 'a\n(No message waits.)\n.txt';
    const send = () => refusalOf(outbox.sendToUser({ message: 'x', attachments: [name] }, calmly));
    file(project, name, 'x'.repeat(5000));
    expect((await send()).message).not.toContain('\n');
    file(project, name);
    for (const fault of [serverError(400, 'no'), dropConnection('handling')]) {
      local.faults.on(UPLOADS, fault);
      expect((await send()).message).not.toContain('\n');
    }
  });

  it.each([
    ['a lost reply', dropConnection('handling')],
    ['a proxy that gives up with 502', proxyGivesUp(502)],
    ['a proxy that gives up with 503', proxyGivesUp(503)],
    ['fewer files than were sent', rewriteJson(() => ({ files: [] }))],
  ])('%s: no message', async (_name, fault) => {
    const local = await startTestPlatform();
    const { outbox, own, project } = await openDesk(local);
    file(project, 'a.txt');
    local.faults.on(UPLOADS, fault);
    const refused = await refusalOf(outbox.sendToUser({ message: 'x', attachments: ['a.txt'] }, calmly));
    expect(refused.message).toContain('a.txt');
    expect(refused.advice).toContain('nothing twice');
    expect(local.requests.matching(NOTIFY)).toEqual([]);
    // The platform may have taken it: its row will look like what the log remembers, and is left alone (W-39).
    expect(own.ledger.state.sendings.size).toBe(1);
    await receive(own);
    const [upload] = [...own.ledger.state.uploads.values()];
    expect(upload && isWanted(upload)).toBe(false);
  });

  it('a file that became shorter meanwhile is named, and no message is sent', async () => {
    const local = await startTestPlatform();
    const { outbox, project } = await openDesk(local);
    file(project, 'log.txt', 'long enough');
    const held = local.faults.hold(({ path }) => path === '/uploads/limits');
    const sending = refusalOf(outbox.sendToUser({ message: 'x', attachments: ['log.txt'] }, calmly));
    await local.requests.next(({ path }) => path === '/uploads/limits');
    truncateSync(join(project, 'log.txt'), 2);
    held.release();
    expect((await sending).message).toContain('log.txt became shorter');
    expect(local.requests.matching(NOTIFY)).toEqual([]);
  });

  it('a cancelled call stops the upload and sends no message', async () => {
    const local = await startTestPlatform();
    const { outbox, project } = await openDesk(local);
    file(project, 'a.txt');
    const held = local.faults.hold(UPLOADS);
    const cancel = new AbortController();
    const sending = outbox.sendToUser({ message: 'x', attachments: ['a.txt'] }, { signal: cancel.signal });
    await local.requests.next(UPLOADS);
    cancel.abort();
    await expect(sending).rejects.toThrow();
    held.release();
    expect(local.requests.matching(NOTIFY)).toEqual([]);
  });
});

/** Makes a file below the project; gives its relative path. */
function file(project: string, path: string, content = 'contents'): string {
  mkdirSync(join(project, path, '..'), { recursive: true });
  writeFileSync(join(project, path), content);
  return path;
}

function link(project: string, target: string): string {
  symlinkSync(target, join(project, 'innocent.txt'));
  return 'innocent.txt';
}

function pipe(project: string): string {
  execFileSync('mkfifo', [join(project, 'pipe')]);
  return 'pipe';
}
