import type { FileHandle } from 'node:fs/promises';
import type { DiskFile } from '../../src/domain/ports/disk.ts';
import { storageFailure } from './storage-failure.ts';

/** A {@link DiskFile} over an open handle; reads and writes are by position, so that no call depends on an earlier one. */
export function createDiskFile(path: string, handle: FileHandle): DiskFile {
  async function attempt<T>(trying: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw storageFailure(trying, path, error);
    }
  }

  return {
    size: () => attempt('measure', async () => (await handle.stat()).size),
    read: (position, length) =>
      attempt('read', async () => {
        const buffer = Buffer.allocUnsafe(length);
        let filled = 0;
        while (filled < length) {
          const { bytesRead } = await handle.read(buffer, filled, length - filled, position + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return buffer.subarray(0, filled);
      }),
    write: (bytes, position) =>
      attempt('write', async () => {
        let written = 0;
        while (written < bytes.byteLength) {
          const left = bytes.byteLength - written;
          written += (await handle.write(bytes, written, left, position + written)).bytesWritten;
        }
      }),
    truncate: (size) => attempt('shorten', () => handle.truncate(size)),
    datasync: () => attempt('flush', () => handle.datasync()),
    close: () => attempt('close', () => handle.close()),
  };
}
