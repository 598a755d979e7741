import { type FileToStage, StorageError } from '../../src/domain/ports/storage.ts';

/**
 * The body, chunk by chunk, as long as it keeps to what was announced: throws a `StorageError` as soon as it is longer
 * than it may be, or ends shorter. Throws the signal's reason at once, even while the body stands still, and then lets
 * go of the body; what the body itself throws passes through.
 */
export async function* checkedBody(
  body: AsyncIterable<Uint8Array>,
  { expectedBytes, maxBytes }: Pick<FileToStage, 'expectedBytes' | 'maxBytes'>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  let bytes = 0;
  let ended = false;
  try {
    for (;;) {
      const next = await orAborted(chunks.next(), signal);
      if (next.done) break;
      bytes += next.value.byteLength;
      if (bytes > maxBytes) throw new StorageError('too-large', `the file is larger than ${maxBytes} bytes`);
      if (expectedBytes.some((expected) => bytes > expected))
        throw wrongLength(`${bytes} or more`, expectedBytes);
      yield next.value;
    }
    ended = true;
    if (expectedBytes.some((expected) => bytes !== expected)) throw wrongLength(String(bytes), expectedBytes);
  } finally {
    // Not awaited: a body that stands still would hold us.
    if (!ended) void Promise.resolve(chunks.return?.()).catch(() => {});
  }
}

function wrongLength(came: string, expectedBytes: readonly number[]): StorageError {
  return new StorageError(
    'wrong-length',
    `${came} bytes came where ${expectedBytes.join(' and ')} were announced`,
  );
}

/** Listens for one chunk's time only: a race against one long promise would keep every chunk until that settles. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
