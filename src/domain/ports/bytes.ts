/** Takes the next bytes, which need last no longer than it takes; a promise asks for no more until it resolves. */
export type TakeBytes = (bytes: Uint8Array) => void | Promise<void>;

/**
 * Tells the bytes of something, in order and once; resolves after the last ones were taken, rejects with what broke them off
 * or with what `take` threw. Told and not iterated: a file comes in thousands of pieces, and each step of an iteration costs
 * more than its bytes.
 */
export type TellBytes = (take: TakeBytes) => Promise<void>;

/** Tells what is iterated, lazily: the next chunk is asked for once the one before was taken. */
export function tellEach(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): TellBytes {
  return async (take) => {
    for await (const chunk of chunks) await take(chunk);
  };
}
