import { dirname } from 'node:path';
import { byteSourceOf } from '../../src/domain/ports/bytes.ts';
import type { Disk, DiskFile } from '../../src/domain/ports/disk.ts';
import { StorageError } from '../../src/domain/ports/storage.ts';
import { damaged } from './damage.ts';
import { readHead } from './log-head.ts';

/** How far a log is promised: what lies behind `end` was never acknowledged. */
export interface Place {
  /** The log's identity. */
  readonly log: string;
  readonly end: number;
  /** The last event before `end`. */
  readonly seq: number;
}

/** The log that takes another's place. */
export interface Successor {
  readonly log: string;
  readonly from: Place;
  readonly beginning: AsyncIterable<Uint8Array>;
}

/** The file that events are appended to, and what has been promised of it. Its user calls one method at a time. */
export interface LogFile {
  /** Null until {@link LogFile.adopt}. */
  readonly place: Place | null;
  /** What is promised of the log with this identity, if it is the present one, or the one that may have taken its place. */
  recognise(log: string): Place | undefined;
  /** Takes what was read for what is promised. `torn`: a write that a crash cut lies behind it. */
  adopt(place: Place, torn: boolean): void;
  /** Opens the file, which must end where the promise ends; cuts off what a failed write of ours has left there. */
  ready(): Promise<void>;
  /** Appends these bytes, which hold so many events; resolves once they are durable. A failure changes nothing. */
  append(bytes: Uint8Array, events: number): Promise<void>;
  /**
   * Puts another log in this one's place: its beginning, which holds what stood here up to `from`, and then all that was
   * appended since. Appends go on while the beginning is written; `takeTurn` keeps them out from there to the end.
   * A failure leaves one of the two logs.
   */
  replace(successor: Successor, takeTurn: () => Promise<() => void>): Promise<void>;
  /** Closes the file until it is needed again. */
  letGo(): Promise<void>;
}

/** The log file at a path; nothing is touched before it is asked for something. */
export function createLogFile(disk: Disk, path: string): LogFile {
  let place: Place | null = null;
  /** The other log, from when its last byte is written until it is known whether it is in place. */
  let successor: Place | null = null;
  let open: DiskFile | null = null;
  /** Whether what lies behind the promise is our own, and may be cut off. */
  let debris = false;

  async function ready(): Promise<DiskFile> {
    if (!place) throw new StorageError('failed', `${path} is not loaded`);
    if (open) return open;
    const file = await disk.openFile(path, 'write');
    if (!file) throw damaged(path, 0, 'it was removed while in use');
    try {
      const known = recognise((await readHead(path, file)).log);
      const size = await file.size();
      if (!known || size < known.end) throw damaged(path, size, 'it was replaced or shortened while in use');
      if (size > known.end && !debris) throw writtenByAnother();
      if (size > known.end) await file.truncate(known.end);
      await disk.syncFolder(dirname(path));
      place = known;
      successor = null;
      debris = false;
    } catch (error) {
      await file.close();
      throw error;
    }
    open = file;
    return file;
  }

  async function append(bytes: Uint8Array, events: number): Promise<void> {
    const file = await ready();
    if (!place) return;
    if ((await file.size()) !== place.end) throw writtenByAnother();
    try {
      await file.write(bytes, place.end);
      await file.datasync();
    } catch (error) {
      debris = true;
      // What a failed flush left in the cache cannot be trusted, so the handle goes too.
      await letGo();
      await ready().catch(() => {});
      throw error;
    }
    place = { ...place, end: place.end + bytes.byteLength, seq: place.seq + events };
  }

  async function replace(
    ...[{ log, from, beginning }, takeTurn]: Parameters<LogFile['replace']>
  ): Promise<void> {
    let endTurn = () => {};
    const whole = async function* (): AsyncGenerator<Uint8Array> {
      let end = 0;
      for await (const slice of beginning) {
        end += slice.byteLength;
        yield slice;
      }
      endTurn = await takeTurn();
      const file = await ready();
      if (place?.log !== from.log) throw damaged(path, 0, 'it was replaced while in use');
      const to = place.end;
      for (let at = from.end; at < to; at += COPY_BYTES) {
        const bytes = await file.read(at, Math.min(COPY_BYTES, to - at));
        end += bytes.byteLength;
        yield bytes;
      }
      // Windows replaces no file that somebody holds open.
      await letGo();
      successor = { log, end, seq: place.seq };
    };
    try {
      await disk.replaceFile(path, byteSourceOf(whole()));
      await ready();
    } finally {
      endTurn();
    }
  }

  function recognise(log: string): Place | undefined {
    return [successor, place].find((known) => known?.log === log) ?? undefined;
  }

  async function letGo(): Promise<void> {
    const file = open;
    open = null;
    await file?.close().catch(() => {});
  }

  /** The delivery lock should have seen to it; where it could not (two containers on one volume), nothing is overwritten. */
  function writtenByAnother(): StorageError {
    const words =
      'was written to by another process; only one may deliver a workspace from a state directory';
    return new StorageError('locked', `${path} ${words}`);
  }

  return {
    get place() {
      return place;
    },
    recognise,
    adopt(found, torn) {
      debris = torn || (debris && recognise(found.log) !== undefined);
      place = found;
      successor = null;
    },
    async ready() {
      await ready();
    },
    append,
    replace,
    letGo,
  };
}

const COPY_BYTES = 64 * 1024;
