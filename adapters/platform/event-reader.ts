import { createParser } from 'eventsource-parser';
import * as z from 'zod';
import type { WakeUp } from '../../src/domain/ports/platform.ts';
import { PlatformError } from '../../src/domain/wire/platform-error.ts';
import { parseJson } from './json.ts';

/**
 * Reads an event stream piece by piece, wherever the pieces are cut: the events that each piece completes, in order.
 * Comments, other fields and events that are no `{type, data}` are passed over. An event longer than `maxChars` throws
 * a {@link PlatformError}: no stream fills the memory.
 */
export function createEventReader(maxChars: number): (piece: Uint8Array) => WakeUp[] {
  const decoder = new TextDecoder();
  let complete: WakeUp[] = [];
  const parser = createParser({
    maxBufferSize: maxChars,
    onEvent: ({ data }) => {
      const event = frame.safeParse(parseJson(data));
      if (event.success) complete.push(event.data);
    },
    onError: ({ type }) => {
      if (type !== 'max-buffer-size-exceeded') return;
      throw new PlatformError(
        'too-large',
        `the wake-up stream sent an event of more than ${maxChars} characters`,
      );
    },
  });
  return (piece) => {
    complete = [];
    parser.feed(decoder.decode(piece, { stream: true }));
    return complete;
  };
}

const frame = z.object({ type: z.string(), data: z.record(z.string(), z.unknown()).catch({}) });
