import { createHmac } from 'node:crypto';
import { sanitiseFileName } from '../../domain/files/file-name.ts';
import { shownIdentity } from '../../domain/identity.ts';
import { isUuid } from '../../domain/ids.ts';
import { toMicros } from '../../domain/time.ts';
import { masked, type Shape, textual } from './shape.ts';

/**
 * What becomes of strings, by what stands there. Those that hold nobody's words stay if they are what they should be; the
 * others become digests under a key of this one recording, so that what was equal stays equal and a replay comes to the
 * same inbox.
 */
export interface Leaves {
  /** Ids that the platform or this program has given. */
  readonly id: Shape;
  readonly time: Shape;
  /** The URI of a file that waits on the platform, which is two ids; any other is somebody's. */
  readonly address: Shape;
  readonly path: Shape;
  readonly mediaType: Shape;
  /** A word that is known at this place; any other is somebody's, or what `otherwise` makes of it. */
  readonly oneOf: (words: readonly string[], otherwise?: Shape) => Shape;
  /** What anybody wrote: nothing but its length. */
  readonly text: Shape;
  readonly fileName: Shape;
  readonly personName: Shape;
  /** A {@link Leaves.personName} within a text. */
  readonly nameOf: (name: string) => string;
}

/** Leaves under a key. */
export function createLeaves(key: Buffer): Leaves {
  /** Equal strings, whatever their case, have one digest; it is a good file name and a good name for a peer. */
  function digest(value: string): string {
    if (value === '') return '';
    const hex = createHmac('sha256', key).update(value.toLowerCase()).digest('hex');
    return hex
      .repeat(Math.ceil(value.length / hex.length))
      .slice(0, Math.max(value.length, MIN_DIGEST_CHARS));
  }

  const nameOf = (name: string) => digest(shownIdentity(name) ?? '');

  return {
    id: textual((value) => (isUuid(value) ? value : digest(value))),
    time: textual((value) => (isTime(value) ? value : masked(value))),
    address: textual((value) => (PENDING.test(value) ? value : digest(value))),
    path: textual(digest),
    mediaType: textual((value) => {
      if (MEDIA_TYPES.has(value)) return value;
      const short = digest(value).slice(0, MIN_DIGEST_CHARS);
      return value.includes('/') ? `application/x-${short}` : short;
    }),
    oneOf:
      (words, otherwise = textual(digest)) =>
      (value) =>
        typeof value === 'string' && words.includes(value) ? value : otherwise(value),
    text: textual(masked),
    fileName: textual((value) => digest(sanitiseFileName(value.trim() === '' ? '' : value))),
    personName: textual(nameOf),
    nameOf,
  };
}

function isTime(value: string): boolean {
  return value.length <= MAX_TIME_CHARS && toMicros(value) !== null;
}

const MIN_DIGEST_CHARS = 12;
const MAX_TIME_CHARS = 40;
const PENDING = /^platform-pending:[0-9a-f-]{36}\/[0-9a-f-]{36}$/;
const MEDIA_TYPES: ReadonlySet<string> = new Set([
  ...['', 'text/plain', 'text/markdown', 'text/csv', 'text/html', 'application/json', 'application/pdf'],
  ...['application/zip', 'application/octet-stream', 'image/png', 'image/jpeg', 'image/gif', 'image/webp'],
  ...['image/svg+xml', 'audio/mpeg', 'video/mp4'],
]);
