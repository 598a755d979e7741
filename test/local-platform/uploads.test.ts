import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import {
  createPollWorkspace,
  startTestPlatform,
  type TestWorkspace,
  uploadAsUser,
} from '../support/local-platform.ts';

const mebibyte = 1024 * 1024;

const bearer = (agent: TestWorkspace) => ({ headers: { authorization: `Bearer ${agent.token}` } });

function send(
  platform: LocalPlatform,
  agent: TestWorkspace,
  body: FormData | string,
  contentType?: string,
): Promise<Response> {
  const headers = new Headers(bearer(agent).headers);
  if (contentType !== undefined) headers.set('content-type', contentType);
  return fetch(`${platform.url}/workspaces/${agent.id}/chat/uploads`, { method: 'POST', headers, body });
}

function formOf(...sizes: number[]): FormData {
  const form = new FormData();
  for (const [index, size] of sizes.entries())
    form.append('files', new Blob([Buffer.alloc(size, 1)]), `f${index}`);
  return form;
}

describe('uploads', () => {
  it('bring back every byte, from a file that the platform deletes when it ends', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'spool-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    vi.stubEnv('TMPDIR', folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    const platform = await startTestPlatform({
      maxFileBytes: 100 * mebibyte,
      maxRequestBytes: 200 * mebibyte,
    });
    const agent = await createPollWorkspace(platform);
    const bytes = randomBytes(30 * mebibyte);
    const [file] = await uploadAsUser(platform, agent, [
      { name: 'big.bin', bytes, type: 'application/x-big' },
    ]);
    const id = file?.uri.split('/').at(-1);
    const response = await fetch(
      `${platform.url}/workspaces/${agent.id}/pending-uploads/${id}/content`,
      bearer(agent),
    );
    expect(response.headers.get('content-type')).toBe('application/x-big');
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    const hash = createHash('sha256').update(Buffer.from(await response.arrayBuffer()));
    expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));

    expect(readdirSync(folder)).toHaveLength(1);
    await platform.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are refused as a whole beyond the request cap, after the client could send all of it', async () => {
    const platform = await startTestPlatform({ maxFileBytes: 3 * mebibyte, maxRequestBytes: 4 * mebibyte });
    const agent = await createPollWorkspace(platform);
    const response = await send(platform, agent, formOf(3 * mebibyte, 3 * mebibyte));
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: 'malformed multipart body' });
    expect(platform.rows(agent.id)).toEqual([]);
  });

  it('name the file that is beyond the file cap', async () => {
    const platform = await startTestPlatform({ maxFileBytes: mebibyte });
    const agent = await createPollWorkspace(platform);
    const response = await send(platform, agent, formOf(10, mebibyte + 1));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ filename: 'f1', size: mebibyte + 1, max: mebibyte });
  });

  it.each([
    ['no multipart at all', 'hello', 'text/plain'],
    ['no boundary', 'hello', 'multipart/form-data'],
    [
      'cut off',
      '--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nhal',
      'multipart/form-data; boundary=b',
    ],
  ])('with a body that is %s are malformed', async (_, body, contentType) => {
    const platform = await startTestPlatform();
    const agent = await createPollWorkspace(platform);
    const response = await send(platform, agent, body, contentType);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: 'malformed multipart body' });
  });

  it('hold 64 files and not one more', async () => {
    const platform = await startTestPlatform();
    const agent = await createPollWorkspace(platform);
    expect((await send(platform, agent, formOf(...Array<number>(64).fill(1)))).status).toBe(200);
    const response = await send(platform, agent, formOf(...Array<number>(65).fill(1)));
    expect([response.status, await response.json()]).toEqual([400, { error: 'too many files (limit 64)' }]);
  });

  it('end after a day', async () => {
    const platform = await startTestPlatform();
    const agent = await createPollWorkspace(platform);
    const [file] = await uploadAsUser(platform, agent, [{ name: 'a.txt', bytes: 'a' }]);
    const id = file?.uri.split('/').at(-1);
    const url = `${platform.url}/workspaces/${agent.id}/pending-uploads/${id}/content`;
    expect((await fetch(url, bearer(agent))).status).toBe(200);
    platform.clock.shiftBy(24 * 3600 * 1000);
    expect((await fetch(url, bearer(agent))).status).toBe(404);
  });

  it('tell their limits in May only where the operator raised them', async () => {
    const plain = await startTestPlatform();
    expect((await fetch(`${plain.url}/uploads/limits`)).headers.get('content-type')).toBe('text/plain');
    const raised = await startTestPlatform({ maxFileBytes: 96 * mebibyte });
    expect(await (await fetch(`${raised.url}/uploads/limits`)).json()).toMatchObject({
      per_file_bytes: 96 * mebibyte,
      per_request_bytes: 50 * mebibyte,
    });
  });
});
