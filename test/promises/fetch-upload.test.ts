import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDisk } from '../../adapters/disk/disk.ts';
import { createFileStore } from '../../adapters/staged-files/file-store.ts';
import { chooseStagingFolder } from '../../adapters/staged-files/folder.ts';
import { fetchUpload } from '../../src/bridge/files/fetch-upload.ts';
import { classifyRow } from '../../src/domain/wire/classify.ts';
import { given } from '../support/given.ts';
import { answering, answeringJson, startOddServer } from '../support/odd-server.ts';
import { forever, OWN_ID, platformAt } from '../support/platform-client.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { at, idOf, OWN, uploadRow } from '../support/rows.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const MEBI = 1024 * 1024;
const PDF = { 'content-type': 'application/pdf; charset=binary' };

/** The first upload as an upload row announced it; `over` replaces fields of the row's body. */
function announced(over: Readonly<Record<string, unknown>>) {
  const row = uploadRow(1, 1);
  const rows = [classifyRow({ ...row, request_body: { ...row.request_body, ...over } }, OWN)];
  const opened = { floorMicros: 0, cursor: null, origin: 'backlog' } as const;
  const state = given().after({ type: 'takeRows', opened, rows, advanced: null });
  const upload = state.uploads.get(idOf(1, 'file'));
  if (!upload) throw new Error('no upload was announced');
  return upload;
}

/** Fetches the upload from a server that answers as told, into a folder of its own. */
async function fetchFrom(
  answer: Parameters<typeof startOddServer>[0],
  over: Readonly<Record<string, unknown>> = {},
) {
  const server = await startOddServer(answer);
  const workspaceFolder = createTempFolder('fetch-upload');
  const disk = createDisk({ logger: recordingLogger() });
  const folder = await chooseStagingFolder({ uploadsDir: '', mounted: '/nowhere', workspaceFolder, disk });
  const outcome = await fetchUpload(
    announced(over),
    {
      platform: platformAt(server.url),
      files: createFileStore({ folder, disk, owner: 'workspace' }),
      maxBytes: async () => ({ bytes: 25 * MEBI, isKnown: true }),
      clock: () => Date.parse(at(1)),
    },
    forever,
  );
  const staged = readdirSync(workspaceFolder, { recursive: true, encoding: 'utf8' });
  return { server, outcome, staged: staged.filter((name) => name !== 'files'), workspaceFolder };
}

describe('fetching one upload', () => {
  it('C7-7: asks for its content and for nothing else', async () => {
    const { server, outcome, workspaceFolder, staged } = await fetchFrom(answering(200, PDF, 'x'.repeat(19)));
    expect(outcome).toMatchObject({ status: 'staged', bytes: 19 });
    expect(server.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET /workspaces/${OWN_ID}/pending-uploads/${idOf(1, 'file')}/content`,
    ]);
    expect(readFileSync(join(workspaceFolder, staged[0] ?? ''), 'utf8')).toBe('x'.repeat(19));
  });

  it.each([
    ['one that the platform no longer has is expired', 404, 'expired'],
    ['one that meets trouble is failed, to be tried again', 500, 'failed'],
    ['one that is refused is failed, too', 403, 'failed'],
  ] as const)('C7-8: %s, and nothing is staged', async (_what, status, outcome) => {
    const fetched = await fetchFrom(answeringJson(status, { error: 'no' }));
    expect(fetched.outcome.status).toBe(outcome);
    expect(fetched.staged).toEqual([]);
  });

  it.each([
    [25 * MEBI, 'staged'],
    [25 * MEBI + 1, 'too_large'],
  ] as const)('C7-9: %i bytes are %s', async (bytes, outcome) => {
    const { staged, ...fetched } = await fetchFrom(answering(200, PDF, Buffer.alloc(bytes)), { size: null });
    expect(fetched.outcome.status).toBe(outcome);
    expect(staged).toHaveLength(outcome === 'staged' ? 1 : 0);
  });

  it('C7-6, C7-14: what is announced counts; the reply fills in a type that is not', async () => {
    const answer = answering(200, PDF, 'x'.repeat(19));
    const named = await fetchFrom(answer, { mimeType: 'text/plain' });
    expect(named.outcome).toMatchObject({ mimeType: 'text/plain' });
    const unnamed = await fetchFrom(answer, { mimeType: '', name: '  ' });
    expect(unnamed.outcome).toMatchObject({ mimeType: 'application/pdf' });
    expect(unnamed.staged).toEqual([expect.stringMatching(/-file$/)]);
  });
});
