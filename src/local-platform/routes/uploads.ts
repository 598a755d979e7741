import { json, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import type { RowDraft } from '../rules/activity-row.ts';
import { parseUuid } from '../rules/uuid.ts';
import { ackedLifeMs, type Upload, uploadLifeMs } from '../world/uploads.ts';
import type { World } from '../world/world.ts';
import { type ReceivedFile, readUpload } from './read-upload.ts';

/** Files on their way to an agent (§7). */
export const uploadRoutes: readonly Route[] = [
  { at: 'POST /workspaces/:id/chat/uploads', guard: 'workspace', handle: upload },
  { at: 'GET /workspaces/:id/pending-uploads/:fileId/content', guard: 'workspace', handle: content },
  { at: 'POST /workspaces/:id/pending-uploads/:fileId/ack', guard: 'workspace', handle: acknowledge },
];

const maxFiles = 64;

/** §7.1. */
async function upload(call: Call, world: World) {
  const workspaceId = call.params.id ?? '';
  if (parseUuid(workspaceId) === undefined) refuse(400, 'invalid workspace ID');
  const workspace = world.workspaces.get(workspaceId);
  if (workspace === undefined) refuse(404, 'workspace not found');
  if (workspace.deliveryMode === 'push') refuse(422, 'workspace has no callback URL');

  const { maxFileBytes, maxRequestBytes } = world.figures();
  const files = await readUpload(call, world.uploads, maxFileBytes, maxRequestBytes);
  if (files === undefined) refuse(400, 'malformed multipart body');
  try {
    checkFiles(files, maxFileBytes);
  } catch (refusal) {
    await Promise.all(files.map((file) => world.uploads.discard(file.id)));
    throw refusal;
  }

  const uploadedMs = world.clock.nowMs();
  const manifests = files.map((file) => {
    const { id, name, mimeType, size } = file;
    world.uploads.records.set(id, { id, workspaceId, name, mimeType, size, uploadedMs });
    return { uri: `platform-pending:${workspaceId}/${id}`, name, mimeType, size, id };
  });
  await recordUploads(
    world,
    manifests.map(({ id, ...manifest }) => ({
      activityType: 'a2a_receive',
      method: 'chat_upload_receive',
      targetId: workspaceId,
      summary: `chat_upload_receive: ${manifest.name}`,
      requestBody: { file_id: id, ...manifest },
    })),
    workspaceId,
  );
  return json(200, { files: manifests.map(({ id, ...manifest }) => manifest) });
}

/** May writes one row after the other, HEAD all of them in the transaction that takes the bytes (§15.7). */
async function recordUploads(world: World, drafts: readonly RowDraft[], workspaceId: string): Promise<void> {
  if (!world.isHead()) {
    for (const draft of drafts) await world.recordAndWake(workspaceId, draft);
    return;
  }
  const rows = await world.feed.insertTogether(workspaceId, drafts);
  for (const row of rows) world.wake(workspaceId, row);
}

function checkFiles(files: readonly ReceivedFile[], maxFileBytes: number): void {
  if (files.length === 0) refuse(400, 'no files field in request');
  if (files.length > maxFiles) refuse(400, `too many files (limit ${maxFiles})`);
  const tooLarge = files.find((file) => file.size > maxFileBytes);
  if (tooLarge !== undefined) {
    refuse(413, 'file exceeds per-file cap', {
      filename: tooLarge.sentName,
      size: tooLarge.size,
      max: maxFileBytes,
    });
  }
  if (files.some((file) => file.size === 0)) refuse(500, 'could not stage files');
}

/** §7.4. */
function content(call: Call, world: World) {
  const found = pendingUpload(call, world);
  return {
    status: 200,
    headers: {
      'content-type': found.mimeType || 'application/octet-stream',
      'content-disposition': `attachment; filename="${found.name}"; filename*=UTF-8''${encodeURIComponent(found.name)}`,
    },
    body: { kind: 'file', size: found.size, open: () => world.uploads.open(found.id) },
  } as const;
}

/** §7.5. In May the bytes are gone with the first acknowledgement, at HEAD an hour later. */
function acknowledge(call: Call, world: World) {
  const found = pendingUpload(call, world);
  found.ackedMs ??= world.clock.nowMs();
  return json(200, { acked: true });
}

function pendingUpload(call: Call, world: World): Upload {
  const workspaceId = call.params.id ?? '';
  const fileId = call.params.fileId ?? '';
  if (parseUuid(workspaceId) === undefined) refuse(400, 'invalid workspace ID');
  const id = parseUuid(fileId);
  if (id === undefined) refuse(400, 'invalid file_id');
  const found = world.uploads.records.get(id);
  if (found === undefined || isGone(found, world)) refuse(404, world.figures().uploadGoneText);
  if (found.workspaceId !== workspaceId || id !== fileId) refuse(404, 'pending upload not found');
  return found;
}

function isGone(upload: Upload, world: World): boolean {
  const now = world.clock.nowMs();
  if (now - upload.uploadedMs >= uploadLifeMs) return true;
  return upload.ackedMs !== undefined && (!world.isHead() || now - upload.ackedMs >= ackedLifeMs);
}
