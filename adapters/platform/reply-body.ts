import { finished } from 'node:stream';
import type { Request as GotRequest } from 'got';
import type { PlatformError } from '../../src/domain/wire/platform-error.ts';
import type { Ending } from './ending.ts';

/** Says what a broken exchange means. */
export type WhyBroken = (error: unknown) => PlatformError;

/** The bytes of a reply, piece by piece; each wait for the next one has the exchange's stall deadline. */
export async function* readBody(
  stream: GotRequest,
  ending: Ending,
  whyBroken: WhyBroken,
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      ending.awaitProgress();
      const next = await chunks.next();
      ending.progressed();
      if (next.done) return;
      yield next.value;
    }
  } catch (error) {
    throw whyBroken(error);
  } finally {
    stream.destroy();
  }
}

/** Tells the bytes of a reply without an end as they come; resolves or rejects when it ends all the same. */
export function tellPieces(
  stream: GotRequest,
  whyBroken: WhyBroken,
  onPiece: (piece: Uint8Array) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    finished(stream, { writable: false }, (error) => {
      stream.destroy();
      if (error) reject(whyBroken(error));
      else resolve();
    });
    stream.on('data', (piece: Uint8Array) => {
      if (stream.destroyed) return;
      try {
        onPiece(piece);
      } catch (error) {
        reject(error);
        stream.destroy();
      }
    });
  });
}
