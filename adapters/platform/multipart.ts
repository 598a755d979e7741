import { randomUUID } from 'node:crypto';
import type { OutgoingFile } from '../../src/domain/ports/platform.ts';
import { PlatformError } from '../../src/domain/wire/platform-error.ts';

/** A `multipart/form-data` body of files, made while it is sent: never more than a piece of it in memory. */
export interface MultipartBody {
  readonly contentType: string;
  /** Exact, since every file says its size. */
  readonly contentLength: number;
  /** Once only. Rejects when a file does not hold what it said, so that the platform gets nothing half. */
  bytes(): AsyncGenerator<Uint8Array, void, undefined>;
}

/** Lays the files out as parts of the field `files`, in order (§7.1). `onProgress` hears file bytes, frames not counted. */
export function createMultipart(
  files: readonly OutgoingFile[],
  onProgress?: (sentBytes: number) => void,
): MultipartBody {
  const boundary = `molecule-inbox-${randomUUID()}`;
  const heads = files.map((file) => Buffer.from(partHead(boundary, file)));
  const tail = Buffer.from(`--${boundary}--\r\n`);
  const partBytes = (file: OutgoingFile, index: number) =>
    (heads[index]?.length ?? 0) + file.size + LINE_END.length;

  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    contentLength: files.map(partBytes).reduce((sum, bytes) => sum + bytes, tail.length),
    async *bytes() {
      let sent = 0;
      for (const [index, file] of files.entries()) {
        yield heads[index] ?? Buffer.alloc(0);
        for await (const piece of exactly(file)) {
          yield piece;
          sent += piece.length;
          onProgress?.(sent);
        }
        yield LINE_END;
      }
      yield tail;
    },
  };
}

/** The file's bytes, as long as they are as many as its size. */
async function* exactly(file: OutgoingFile): AsyncGenerator<Uint8Array, void, undefined> {
  let bytes = 0;
  try {
    for await (const piece of file.open()) {
      bytes += piece.length;
      if (bytes > file.size) break;
      yield piece;
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new PlatformError('refused', `a file to send could not be read${code}`);
  }
  if (bytes !== file.size) throw new PlatformError('refused', 'a file changed while it was being sent');
}

function partHead(boundary: string, file: OutgoingFile): string {
  const type = MEDIA_TYPE.test(file.mimeType) ? file.mimeType : 'application/octet-stream';
  return [
    `--${boundary}`,
    `Content-Disposition: form-data; name="files"; filename="${quotable(file.name)}"`,
    `Content-Type: ${type}`,
    '\r\n',
  ].join('\r\n');
}

/** As browsers write it, so that a name can neither end its quotes nor begin a line. */
function quotable(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

const LINE_END = Buffer.from('\r\n');

const MEDIA_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/;
