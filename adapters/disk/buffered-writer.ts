import type { ByteSink } from '../../src/domain/ports/bytes.ts';

/** Writes bytes in pieces of its own size. */
export interface BufferedWriter {
  /** Copies the bytes; returns a promise where a write has to be done first. */
  readonly take: ByteSink;
  /** Writes what is left; resolves once everything is written, rejects if one write has failed. */
  finish(): Promise<void>;
  /** Begins no more writes; resolves once none is under way, however the last one went. */
  close(): Promise<void>;
}

/**
 * Writes in larger pieces than the bytes come in: each chunk of a network read written by itself would cost a turn of the
 * thread pool, and that more than its bytes. Two pieces of memory in turn, one being written while the other fills.
 */
export function createBufferedWriter(write: (piece: Uint8Array) => Promise<void>): BufferedWriter {
  let filling = new Uint8Array(0);
  let spare = new Uint8Array(0);
  let filled = 0;
  let underWay: Promise<void> | null = null;
  let closed = false;

  function startWrite(): void {
    const piece = filling.subarray(0, filled);
    [filling, spare, filled] = [spare, filling, 0];
    // A failure stays under way: whatever comes next meets it.
    underWay = write(piece).then(() => {
      underWay = null;
    });
    underWay.catch(() => {});
  }

  function take(bytes: Uint8Array): void | Promise<void> {
    if (closed) return Promise.reject(new Error('bytes came after the file was closed'));
    let left = bytes;
    while (left.byteLength > 0 || filled === LARGEST_BYTES) {
      if (filled === LARGEST_BYTES) {
        if (underWay) return underWay.then(() => take(left));
        startWrite();
      }
      if (filled === filling.byteLength) filling = grown(filling, left.byteLength);
      const part = left.subarray(0, filling.byteLength - filled);
      filling.set(part, filled);
      filled += part.byteLength;
      left = left.subarray(part.byteLength);
    }
  }

  return {
    take,
    async finish() {
      await underWay;
      if (filled > 0) startWrite();
      await underWay;
    },
    async close() {
      closed = true;
      await underWay?.catch(() => {});
    },
  };
}

/** Twice as much room and at least as much as is needed, up to the largest piece: most files are small. */
function grown(piece: Uint8Array, neededBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = Math.max(2 * piece.byteLength, piece.byteLength + neededBytes);
  const larger = new Uint8Array(Math.min(bytes, LARGEST_BYTES));
  larger.set(piece);
  return larger;
}

const LARGEST_BYTES = 512 * 1024;
