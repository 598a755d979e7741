import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A file that somebody uploaded and nobody has fetched for good yet (§7). */
export interface Upload {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly mimeType: string;
  readonly size: number;
  readonly uploadedMs: number;
  /** When it was acknowledged; undefined as long as it was not. */
  ackedMs?: number;
}

/** Uploaded files. Their bytes lie in a private temporary folder, never whole in memory. */
export interface Uploads {
  readonly records: Map<string, Upload>;
  /** Writes bytes under an id and counts them; what is beyond `maxBytes` is counted and thrown away. */
  spool(id: string, bytes: Readable, maxBytes: number): Promise<number>;
  open(id: string): Readable;
  /** Forgets a file and its bytes. */
  discard(id: string): Promise<void>;
  /** Deletes the temporary folder. */
  close(): void;
}

/** Hard life of an upload, acknowledged or not (§7.5). */
export const uploadLifeMs = 24 * 3600 * 1000;
/** How long an acknowledged file stays readable at HEAD (§15.7). */
export const ackedLifeMs = 3600 * 1000;

/** No uploads; the folder is made with the first one. */
export function createUploads(): Uploads {
  const records = new Map<string, Upload>();
  let folder: string | undefined;
  const pathOf = (id: string) => {
    folder ??= mkdtempSync(join(tmpdir(), 'molecule-local-platform-'));
    return join(folder, id);
  };
  return {
    records,
    async spool(id, bytes, maxBytes) {
      let size = 0;
      const kept = async function* (source: AsyncIterable<Buffer>) {
        for await (const chunk of source) {
          const room = maxBytes - size;
          size += chunk.length;
          if (room > 0) yield chunk.subarray(0, room);
        }
      };
      await pipeline(bytes, kept, createWriteStream(pathOf(id), { flags: 'wx', mode: 0o600 }));
      return size;
    },
    open: (id) => createReadStream(pathOf(id)),
    async discard(id) {
      records.delete(id);
      await rm(pathOf(id), { force: true });
    },
    close() {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
