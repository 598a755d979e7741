/**
 * Takes the next bytes, which must stay as they are until it returns. Where it returns a promise, they must until that
 * resolves, and no more come before.
 */
export type ByteSink = (bytes: Uint8Array) => void | Promise<void>;

/**
 * Hands over the bytes of something, in order and once; resolves after the last ones were taken, rejects with what broke them
 * off or with what `take` threw. Not iterated: a file comes in thousands of pieces, and each step of an iteration costs more
 * than its bytes.
 */
export type ByteSource = (take: ByteSink) => Promise<void>;

/** Hands over what is iterated, lazily: the next chunk is asked for once the one before was taken. */
export function byteSourceOf(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): ByteSource {
  return async (take) => {
    for await (const chunk of chunks) await take(chunk);
  };
}
