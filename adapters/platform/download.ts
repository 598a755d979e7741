import * as z from 'zod';
import { isCanonicalUuid } from '../../src/domain/ids.ts';
import type { ByteSource } from '../../src/domain/ports/bytes.ts';
import type { UploadDownload } from '../../src/domain/ports/platform.ts';
import { PlatformError } from '../../src/domain/wire/platform-error.ts';
import { accepted, ask, type Connection } from './ask.ts';
import { passed } from './collect-often.ts';
import { assertPlain, malformed } from './json.ts';
import { mediaType } from './media-type.ts';
import { OWN_CREDENTIAL } from './refusal.ts';
import type { Reply } from './wire.ts';

/**
 * `GET …/pending-uploads/:file_id/content` (§7.4). Nothing but 200 with plain bytes is an upload (W-33): not an empty
 * body, not a compressed one, not a web page in place of the file. `announcedType` is what the upload's row said.
 */
export async function openUpload(
  connection: Connection,
  fileId: string,
  signal: AbortSignal,
  announcedType?: string,
): Promise<UploadDownload> {
  const reply = await accepted(
    connection,
    {
      method: 'GET',
      path: `${uploadPath(connection, fileId)}/content`,
      headers: { accept: '*/*' },
      lane: 'files',
      deadlineMs: connection.deadlines.transferMs,
      stallMs: connection.deadlines.stallMs,
      own: OWN_CREDENTIAL,
    },
    signal,
  );
  assertPlain(reply);
  const length = reply.headers['content-length'];
  const contentLength = length === undefined ? null : Number(length);
  const trouble = whyNoUpload(reply, announcedType);
  if (trouble) {
    reply.end();
    throw malformed(reply, trouble);
  }
  return {
    contentLength,
    mimeType: mediaType(reply.headers['content-type']) || 'application/octet-stream',
    body: notEmpty(reply),
  };
}

/** `POST …/pending-uploads/:file_id/ack` (§7.5). Any 404 counts as done: at worst the platform keeps its copy a day. */
export async function acknowledgeUpload(
  connection: Connection,
  fileId: string,
  signal: AbortSignal,
): Promise<void> {
  const path = `${uploadPath(connection, fileId)}/ack`;
  const deadlineMs = connection.deadlines.callMs;
  try {
    await ask(
      connection,
      { method: 'POST', path, lane: 'files', deadlineMs, own: OWN_CREDENTIAL },
      acknowledged,
      signal,
    );
  } catch (error) {
    if (!(error instanceof PlatformError && error.status === 404)) throw error;
  }
}

function uploadPath(connection: Connection, fileId: string): string {
  if (isCanonicalUuid(fileId)) return `/workspaces/${connection.workspaceId}/pending-uploads/${fileId}`;
  throw new PlatformError('refused', 'an upload whose id is no UUID was not asked for');
}

/** A web page is the upload only if a web page was announced; unannounced ones the platform marks as attachments. */
function whyNoUpload(reply: Reply, announcedType: string | undefined): string | null {
  if (reply.status !== 200) return 'another success than the bytes';
  if (mediaType(reply.headers['content-type']) !== 'text/html') return null;
  const expected =
    announcedType === undefined
      ? /^\s*attachment\b/i.test(reply.headers['content-disposition'] ?? '')
      : mediaType(announcedType) === 'text/html';
  return expected ? null : 'a web page instead of the file';
}

function notEmpty(reply: Reply): ByteSource {
  return async (take) => {
    let bytes = 0;
    await reply.body((chunk) => {
      bytes += chunk.length;
      passed(chunk.length);
      return take(chunk);
    });
    if (bytes === 0) throw malformed(reply, 'no bytes');
  };
}

const acknowledged = z.looseObject({});
