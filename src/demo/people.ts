import { randomUUID } from 'node:crypto';
import got from 'got';
import type { LocalPlatform } from '../local-platform/local-platform.ts';

/** A file as a person drops it on the canvas. */
export interface DroppedFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** What a web user does: uploads first, then the message that cites the files (protocol.md §6.8, §7.1). */
export async function writeAsUser(
  platform: LocalPlatform,
  workspaceId: string,
  text: string,
  files: readonly DroppedFile[] = [],
): Promise<void> {
  const uploaded = files.length === 0 ? [] : await upload(platform, workspaceId, files);
  const parts = [{ kind: 'text', text }, ...uploaded.map((file) => ({ kind: 'file', file }))];
  await got.post(`${platform.url}/workspaces/${workspaceId}/a2a`, {
    headers: { authorization: `Bearer ${platform.adminToken}` },
    json: { method: 'message/send', params: { message: { role: 'user', messageId: randomUUID(), parts } } },
    timeout: { request: 10_000 },
  });
}

/** What a peer agent does to ask something: one A2A message as itself (§6.2). */
export async function writeAsPeer(
  platform: LocalPlatform,
  peer: { readonly id: string; readonly token: string },
  workspaceId: string,
  text: string,
): Promise<void> {
  const message = { role: 'user', messageId: randomUUID(), parts: [{ kind: 'text', text }] };
  await got.post(`${platform.url}/workspaces/${workspaceId}/a2a`, {
    headers: { authorization: `Bearer ${peer.token}`, 'x-workspace-id': peer.id },
    json: { jsonrpc: '2.0', id: randomUUID(), method: 'message/send', params: { message } },
    timeout: { request: 10_000 },
  });
}

async function upload(
  platform: LocalPlatform,
  workspaceId: string,
  files: readonly DroppedFile[],
): Promise<readonly unknown[]> {
  const form = new FormData();
  for (const { name, type, bytes } of files)
    form.append('files', new Blob([Uint8Array.from(bytes)], { type }), name);
  const reply = await got
    .post(`${platform.url}/workspaces/${workspaceId}/chat/uploads`, {
      headers: { authorization: `Bearer ${platform.adminToken}` },
      body: form,
      timeout: { request: 10_000 },
    })
    .json<{ files: unknown[] }>();
  return reply.files;
}
