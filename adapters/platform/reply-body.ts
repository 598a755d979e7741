import { finished, type Readable } from 'node:stream';
import type { ByteSource } from '../../src/domain/ports/bytes.ts';
import type { PlatformError } from '../../src/domain/wire/platform-error.ts';
import type { Ending } from './ending.ts';

/** A reply as got hands it over: its own stream, and Node's response, from which that would read. */
export interface ReplyStreams {
  readonly request: Readable;
  readonly response: Readable;
}

/**
 * The bytes of a reply, each piece in memory of its own, taken from Node's response as they come: got's stream would pass
 * each on by way of a second queue. Each wait for the next ones has the exchange's stall deadline, the time that
 * `take` needs has none. Rejects with what `whyBroken` makes of a broken exchange.
 */
export function replyBody(
  { request, response }: ReplyStreams,
  ending: Ending,
  whyBroken: (error: unknown) => PlatformError,
): ByteSource {
  return (take) =>
    new Promise((resolve, reject) => {
      let taken: Promise<void> | void;
      const giveUp = (error: unknown) => {
        reject(error);
        request.destroy();
      };
      finished(response, (error) => {
        // Only got hears of an end before its time whose bytes were all here: deadlines, `close`, what comes after the body.
        const broken = request.errored ?? error;
        if (broken) reject(whyBroken(broken));
        else resolve(taken); // The end may come while the last bytes are being taken.
        request.destroy();
      });
      const goOn = () => {
        ending.awaitProgress();
        response.resume();
      };
      response.removeAllListeners('readable'); // got's, which holds the flow until somebody reads got's stream.
      response.on('data', (piece: Uint8Array) => {
        if (request.destroyed) return;
        ending.awaitProgress();
        try {
          taken = take(piece);
          if (taken === undefined) return;
          ending.progressed();
          response.pause();
          taken.then(goOn, giveUp);
        } catch (error) {
          giveUp(error);
        }
      });
      goOn();
    });
}
