import type { Chunks } from '../../src/domain/ports/disk.ts';

/**
 * The same bytes in larger pieces: each chunk of a network read written by itself would cost a turn of the thread pool, and
 * that more than its bytes. A chunk is copied before the next is asked for, and a piece is good until the next is asked for:
 * whoever produces or writes a large file does it in the same few memory.
 */
export async function* inPieces(chunks: Chunks): AsyncGenerator<Uint8Array> {
  let piece = new Uint8Array(0);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let taken = 0; taken < chunk.byteLength; ) {
      if (filled === piece.byteLength) piece = grown(piece, chunk.byteLength - taken);
      const part = chunk.subarray(taken, taken + piece.byteLength - filled);
      piece.set(part, filled);
      filled += part.byteLength;
      taken += part.byteLength;
      if (filled < LARGEST_BYTES) continue;
      yield piece;
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}

/** Twice as much room and at least as much as is needed, up to the largest piece: most files are small. */
function grown(piece: Uint8Array, neededBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = Math.max(2 * piece.byteLength, piece.byteLength + neededBytes);
  const larger = new Uint8Array(Math.min(bytes, LARGEST_BYTES));
  larger.set(piece);
  return larger;
}

const LARGEST_BYTES = 512 * 1024;
