import { orAborted } from '../../src/domain/or-aborted.ts';
import type { ByteSource } from '../../src/domain/ports/bytes.ts';
import { type FileToStage, StorageError } from '../../src/domain/ports/storage.ts';

/**
 * The body, as long as it keeps to what was announced: throws a `StorageError` as soon as it is longer than it may be, or
 * ends shorter. Rejects with the signal's reason at once, even while the body stands still, and takes nothing of it any
 * more; what the body itself rejects with passes through.
 */
export function checkedBody(
  body: ByteSource,
  { expectedBytes, maxBytes }: Pick<FileToStage, 'expectedBytes' | 'maxBytes'>,
  signal: AbortSignal,
): ByteSource {
  return async (take) => {
    signal.throwIfAborted();
    let bytes = 0;
    await orAborted(
      body((chunk) => {
        signal.throwIfAborted();
        bytes += chunk.byteLength;
        if (bytes > maxBytes)
          throw new StorageError('too-large', `the file is larger than ${maxBytes} bytes`);
        if (expectedBytes.some((expected) => bytes > expected))
          throw wrongLength(`${bytes} or more`, expectedBytes);
        return take(chunk);
      }),
      signal,
    );
    if (expectedBytes.some((expected) => bytes !== expected)) throw wrongLength(String(bytes), expectedBytes);
  };
}

function wrongLength(came: string, expectedBytes: readonly number[]): StorageError {
  return new StorageError(
    'wrong-length',
    `${came} bytes came where ${expectedBytes.join(' and ')} were announced`,
  );
}
