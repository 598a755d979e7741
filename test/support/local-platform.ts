import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { type LocalPlatform, startLocalPlatform } from '../../src/local-platform/local-platform.ts';
import type { LocalPlatformOptions } from '../../src/local-platform/options.ts';
import { type Profile, profiles } from '../../src/local-platform/profile.ts';

/** A workspace of a test: its id, and the token its agent would be given. */
export interface TestWorkspace {
  readonly id: string;
  readonly name: string;
  readonly token: string;
}

/** A file for an upload. Give `bytes`, or only text. */
export interface TestFile {
  readonly name: string;
  readonly bytes: string | Uint8Array<ArrayBuffer>;
  readonly type?: string;
}

/** A file as the platform knows it after the upload (§7.1). */
export interface UploadedFile {
  readonly uri: string;
  readonly name: string;
  readonly mimeType: string;
  readonly size: number;
}

/** The generation of the server for tests that name none: what `npm run test:profiles` says, else May's. */
export const usualProfile: Profile =
  profiles.find((profile) => profile === process.env.TEST_PROFILE) ?? 'may';

/** Starts a local platform that ends with the test. Its rate limit is out of the way unless given. */
export async function startTestPlatform(options: LocalPlatformOptions = {}): Promise<LocalPlatform> {
  const platform = await startLocalPlatform({ profile: usualProfile, rateLimit: 1_000_000, ...options });
  onTestFinished(() => platform.close());
  return platform;
}

/** Makes an external poll workspace, as the operator does. */
export async function createPollWorkspace(platform: LocalPlatform, name = 'agent'): Promise<TestWorkspace> {
  const body = { name, runtime: 'external', external: true, delivery_mode: 'poll' };
  const reply = await post(platform, '/workspaces', body, platform.adminToken);
  const made = reply as { id: string; connection: { auth_token: string } };
  // The server of August may have given it another name.
  const given = platform.workspace(made.id)?.name ?? name;
  return { id: made.id, name: given, token: made.connection.auth_token };
}

/** Says something in the canvas; the files are uploaded first. Resolves when the row can be read, unless it is held. */
export async function sayAsUser(
  platform: LocalPlatform,
  workspace: Pick<TestWorkspace, 'id'>,
  text: string,
  files: readonly TestFile[] = [],
): Promise<UploadedFile[]> {
  const uploaded = files.length === 0 ? [] : await uploadAsUser(platform, workspace, files);
  const parts = [
    ...(text === '' ? [] : [{ kind: 'text', text }]),
    ...uploaded.map((file) => ({ kind: 'file', file })),
  ];
  await postMessage(
    platform,
    workspace.id,
    { role: 'user', messageId: randomUUID(), parts },
    platform.adminToken,
  );
  await platform.settled();
  return uploaded;
}

/** Says something as another workspace. Resolves when the row can be read, unless it is held. */
export async function sayAsPeer(
  platform: LocalPlatform,
  peer: TestWorkspace,
  workspace: Pick<TestWorkspace, 'id'>,
  text: string,
): Promise<void> {
  const message = { role: 'user', messageId: randomUUID(), parts: [{ kind: 'text', text }] };
  await postMessage(platform, workspace.id, message, peer.token, { 'X-Workspace-ID': peer.id });
  await platform.settled();
}

/** Uploads files in one request, as the canvas does before it sends the message. */
export async function uploadAsUser(
  platform: LocalPlatform,
  workspace: Pick<TestWorkspace, 'id'>,
  files: readonly TestFile[],
): Promise<UploadedFile[]> {
  const form = new FormData();
  for (const { name, bytes, type = 'text/plain' } of files)
    form.append('files', new Blob([bytes], { type }), name);
  const response = await fetch(`${platform.url}/workspaces/${workspace.id}/chat/uploads`, {
    method: 'POST',
    headers: { authorization: `Bearer ${platform.adminToken}` },
    body: form,
  });
  const reply = await readReply(response);
  return (reply as { files: UploadedFile[] }).files;
}

function postMessage(
  platform: LocalPlatform,
  targetId: string,
  message: unknown,
  token: string,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const body = { method: 'message/send', params: { message } };
  return post(platform, `/workspaces/${targetId}/a2a`, body, token, headers);
}

async function post(
  platform: LocalPlatform,
  path: string,
  body: unknown,
  token: string,
  headers: Record<string, string> = {},
): Promise<unknown> {
  const response = await fetch(platform.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return readReply(response);
}

async function readReply(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
