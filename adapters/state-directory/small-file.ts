import type { Disk } from '../../src/domain/ports/disk.ts';
import { StorageError } from '../../src/domain/ports/storage.ts';

/** The text of a file of at most 64 KiB; null when there is none. Bytes that are no UTF-8 become U+FFFD. */
export async function readSmallFile(disk: Disk, path: string): Promise<string | null> {
  const file = await disk.openFile(path, 'read');
  if (!file) return null;
  try {
    const bytes = await file.read(0, MAX_BYTES + 1);
    if (bytes.byteLength > MAX_BYTES)
      throw new StorageError('too-large', `${path} is larger than ${MAX_BYTES} bytes`);
    return Buffer.from(bytes).toString('utf8');
  } finally {
    await file.close();
  }
}

const MAX_BYTES = 64 * 1024;
