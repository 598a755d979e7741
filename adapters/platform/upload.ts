import { Readable } from 'node:stream';
import * as z from 'zod';
import type { OutgoingFile, UploadedFile } from '../../src/domain/ports/platform.ts';
import { ask, type Connection } from './ask.ts';
import { createMultipart } from './multipart.ts';

/** `POST /workspaces/:id/chat/uploads` (§7.6): streamed from the files, one reply entry a file, in their order. */
export async function uploadFiles(
  connection: Connection,
  files: readonly OutgoingFile[],
  signal: AbortSignal,
  onProgress?: (sentBytes: number) => void,
): Promise<readonly UploadedFile[]> {
  const multipart = createMultipart(files, onProgress);
  const body = Readable.from(multipart.bytes(), { objectMode: false });
  try {
    const { value } = await ask(
      connection,
      {
        method: 'POST',
        path: `/workspaces/${connection.workspaceId}/chat/uploads`,
        headers: { 'content-type': multipart.contentType, 'content-length': String(multipart.contentLength) },
        body,
        lane: 'calls',
        deadlineMs: connection.deadlines.transferMs,
        stallMs: connection.deadlines.stallMs,
      },
      z.object({ files: z.array(uploadedFile).length(files.length) }),
      signal,
    );
    return value.files;
  } finally {
    body.destroy();
  }
}

const uploadedFile = z.object({
  uri: z.string().min(1),
  name: z.string().min(1),
  mimeType: z.string().exactOptional(),
  size: z.int().exactOptional(),
});
