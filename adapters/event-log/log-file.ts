import { dirname } from 'node:path';
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
  /** Puts another log, folded up to `seq`, in this one's place. A failure leaves one of the two. */
  replace(log: string, seq: number, slices: Iterable<Uint8Array>): Promise<void>;
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

  async function replace(log: string, seq: number, slices: Iterable<Uint8Array>): Promise<void> {
    const counted = function* (): Generator<Uint8Array> {
      let end = 0;
      for (const slice of slices) {
        end += slice.byteLength;
        yield slice;
      }
      successor = { log, end, seq };
    };
    // Windows replaces no file that somebody holds open.
    await letGo();
    await disk.replaceFile(path, counted());
    await ready();
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
