import { crc32 } from 'node:zlib';
import type { StateJson } from '../../src/domain/inbox/state-json.ts';
import { lineEnd, openEnded, toAscii } from './line.ts';

/**
 * One sealed line of `head` and the folded state, in slices of about 64 KiB that are made only when asked for: whoever
 * writes one before taking the next never holds the event loop for longer than one slice (or one large message) takes.
 */
export function* sealState(head: object, state: StateJson): Generator<Uint8Array> {
  let slice = `${openEnded(head)},"state":{`;
  let checksum = 0;
  const cut = (): Uint8Array => {
    const bytes = Buffer.from(slice, 'latin1');
    checksum = crc32(bytes, checksum);
    slice = '';
    return bytes;
  };

  let first = true;
  for (const [key, value] of Object.entries(state)) {
    slice += `${first ? '' : ','}${JSON.stringify(key)}:`;
    first = false;
    if (!Array.isArray(value)) {
      slice += toAscii(JSON.stringify(value));
      continue;
    }
    slice += '[';
    for (const [index, element] of value.entries()) {
      slice += `${index === 0 ? '' : ','}${toAscii(JSON.stringify(element))}`;
      if (slice.length >= SLICE_BYTES) yield cut();
    }
    slice += ']';
  }
  slice += '}';
  yield cut();
  slice = lineEnd(checksum);
  yield Buffer.from(slice, 'latin1');
}

const SLICE_BYTES = 64 * 1024;
