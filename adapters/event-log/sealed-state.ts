import { setImmediate as nextTurn } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { StateJson } from '../../src/domain/inbox/state-json.ts';
import { lineEnd, openEnded, toAscii } from './line.ts';

/**
 * One sealed line of `head` and the folded state, in slices of about 64 KiB. Between any two the event loop has a turn,
 * so that writing a large inbox never holds it for longer than one slice (or the JSON of one message) takes. Throws the
 * signal's reason once it has fired.
 */
export async function* sealState(
  head: object,
  state: StateJson,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let checksum = 0;
  let slice = '';
  const cut = (): Uint8Array => {
    const bytes = Buffer.from(slice, 'latin1');
    checksum = crc32(bytes, checksum);
    slice = '';
    return bytes;
  };
  for (const json of jsonParts(head, state)) {
    for (let at = 0; at < json.length; at += SLICE_CHARS) {
      slice += toAscii(json.slice(at, at + SLICE_CHARS));
      if (slice.length < SLICE_CHARS) continue;
      yield cut();
      await nextTurn();
      signal.throwIfAborted();
    }
  }
  yield cut();
  yield Buffer.from(lineEnd(checksum), 'latin1');
}

/** The text of the object without its closing brace; an array of the state comes element by element. */
function* jsonParts(head: object, state: StateJson): Generator<string> {
  yield `${openEnded(head)},"state":{`;
  let separator = '';
  for (const [key, value] of Object.entries(state)) {
    yield `${separator}${JSON.stringify(key)}:`;
    separator = ',';
    if (Array.isArray(value)) yield* arrayParts(value);
    else yield JSON.stringify(value);
  }
  yield '}';
}

function* arrayParts(elements: readonly unknown[]): Generator<string> {
  yield '[';
  for (const [index, element] of elements.entries())
    yield `${index === 0 ? '' : ','}${JSON.stringify(element)}`;
  yield ']';
}

const SLICE_CHARS = 64 * 1024;
