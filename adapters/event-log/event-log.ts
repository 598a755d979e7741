import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { StoredEvent } from '../../src/domain/events.ts';
import type { InboxState } from '../../src/domain/inbox-state.ts';
import type { Disk, DiskFile } from '../../src/domain/ports/disk.ts';
import type { Logger } from '../../src/domain/ports/runtime.ts';
import { type EventLog, type LoadedLog, StorageError } from '../../src/domain/ports/storage.ts';
import { type StateJson, stateToJson } from '../../src/domain/state-json.ts';
import { damaged } from './damage.ts';
import { sealLine } from './line.ts';
import { headOf, readHead } from './log-head.ts';
import { type ReadFrom, readBeginning, readEvents } from './read-log.ts';
import { sealState } from './sealed-state.ts';
import { createSnapshotFile } from './snapshot.ts';
import { createTurns } from './turns.ts';

/** What a log needs: its folder (made when missing, private), the disk, and where warnings go. */
export interface EventLogParts {
  readonly folder: string;
  readonly disk: Disk;
  readonly logger: Logger;
}

/** How far a log is promised: what lies behind `end` was never acknowledged and is cut before the next append. */
interface Place {
  readonly log: string;
  readonly end: number;
  readonly seq: number;
}

/**
 * The event log in a folder: `events.jsonl`, which is the truth, and `snapshot.json`, which may vanish at any time.
 * Touches nothing before {@link EventLog.load}, which may be called again after a failure. A failed append leaves the
 * file as it was and can be repeated; where even the repair fails, it is made up for before the next append.
 */
export function openEventLog({ folder, disk, logger }: EventLogParts): EventLog {
  const path = join(folder, LOG_NAME);
  const snapshots = createSnapshotFile(disk, join(folder, SNAPSHOT_NAME));
  const inTurn = createTurns();
  const inSnapshotTurn = createTurns();
  let place: Place | null = null;
  /** The compacted log, from when its last byte is written until it is known whether it took the old one's place. */
  let successor: Place | null = null;
  let open: DiskFile | null = null;
  let closed = false;

  async function load(): Promise<LoadedLog> {
    await letGo();
    await disk.ensureFolder(folder);
    await sweep();
    const file = (await disk.openFile(path, 'read')) ?? (await create());
    try {
      const head = await readHead(path, file);
      const known = recognise(head.log);
      if (place && !known) throw damaged(path, 0, REPLACED);
      const size = known?.end ?? (await file.size());
      const from = (await readSnapshot(head.log, size)) ?? (await readBeginning(path, file, head, size));
      const { events, end } = await readEvents(path, file, from, size);
      place = { log: head.log, end, seq: from.state.seq + events.length };
      successor = null;
      if (end < size) await cutOff(size - end);
      return { state: from.state, tail: events };
    } finally {
      await file.close();
    }
  }

  async function create(): Promise<DiskFile> {
    if (place || (await snapshots.exists()))
      throw damaged(path, 0, 'it is missing, though its snapshot is there');
    const head = headOf({ type: 'log.opened', log: newLogId(), seq: 0 });
    await disk.replaceFile(path, [Buffer.from(sealLine(head), 'latin1')]);
    const created = await disk.openFile(path, 'read');
    if (!created) throw damaged(path, 0, 'it vanished as soon as it was created');
    return created;
  }

  async function readSnapshot(log: string, size: number): Promise<ReadFrom | null> {
    try {
      return await snapshots.read(log, size);
    } catch (error) {
      logger.warn(`${folder}: the snapshot is of no use, folding the log instead: ${reasonOf(error)}`);
      return null;
    }
  }

  async function cutOff(bytes: number): Promise<void> {
    logger.warn(`${path}: cut off the last ${bytes} bytes, which a write that never finished had left`);
    // A disk that refuses now does not hinder reading; the next append begins with the same cut.
    await ready().catch(() => {});
  }

  /** The file to append to, ending where the promise ends. Finds out which log is in place after a compaction that failed. */
  async function ready(): Promise<DiskFile> {
    if (closed || !place) throw new StorageError('failed', `${path} is ${closed ? 'closed' : 'not loaded'}`);
    if (open) return open;
    const file = await disk.openFile(path, 'write');
    if (!file) throw damaged(path, 0, 'it was removed while in use');
    try {
      const known = recognise((await readHead(path, file)).log);
      const size = await file.size();
      if (!known || size < known.end) throw damaged(path, size, REPLACED);
      if (size > known.end) await file.truncate(known.end);
      await disk.syncFolder(folder);
      place = known;
      successor = null;
    } catch (error) {
      await file.close();
      throw error;
    }
    open = file;
    return file;
  }

  async function append(events: readonly StoredEvent[]): Promise<void> {
    const file = await ready();
    if (!place || events.length === 0) return;
    const next = place.seq + 1;
    if (events.some((event, index) => event.seq !== next + index))
      throw new StorageError('failed', `${path} goes on with event ${next}, not ${events[0]?.seq}`);
    const bytes = Buffer.from(events.map(sealLine).join(''), 'latin1');
    try {
      await file.write(bytes, place.end);
      await file.datasync();
    } catch (error) {
      // What a failed flush left in the cache cannot be trusted, so the handle goes too.
      await letGo();
      await ready().catch(() => {});
      throw error;
    }
    place = { ...place, end: place.end + bytes.byteLength, seq: place.seq + events.length };
  }

  async function compact(state: StateJson): Promise<void> {
    await ready();
    if (state.seq !== place?.seq) throw new StorageError('failed', disagreement(state));
    const log = newLogId();
    const slices = function* (): Generator<Uint8Array> {
      let end = 0;
      for (const slice of sealState(headOf({ type: 'log.compacted', log, seq: state.seq }), state)) {
        end += slice.byteLength;
        yield slice;
      }
      successor = { log, end, seq: state.seq };
    };
    // Windows replaces no file that somebody holds open.
    await letGo();
    await disk.replaceFile(path, slices());
    await ready();
    // It may hold what was popped, and fits no longer.
    await snapshots.remove();
  }

  async function saveSnapshot(state: StateJson, at: Place | null): Promise<void> {
    if (at?.seq !== state.seq) return logger.info(`no snapshot: ${disagreement(state)}`);
    if (at.log !== place?.log) return;
    try {
      await snapshots.write({ log: at.log, offset: at.end, state });
    } catch (error) {
      logger.warn(`${folder}: no snapshot was saved, the next start reads the whole log: ${reasonOf(error)}`);
    }
  }

  function recognise(log: string): Place | undefined {
    return [successor, place].find((known) => known?.log === log) ?? undefined;
  }

  function disagreement(state: StateJson): string {
    return `the state stands at event ${state.seq}, ${path} at ${place?.seq}`;
  }

  async function letGo(): Promise<void> {
    const file = open;
    open = null;
    await file?.close().catch(() => {});
  }

  /** Left-overs cost space, nothing else. */
  async function sweep(): Promise<void> {
    for (const name of [LOG_NAME, SNAPSHOT_NAME]) await disk.sweepTemps(folder, name).catch(() => {});
  }

  return {
    load: () => inTurn(load),
    append: (events) => inTurn(() => append(events)),
    saveSnapshot(state: InboxState) {
      const json = stateToJson(state);
      const at = place;
      return inSnapshotTurn(() => saveSnapshot(json, at));
    },
    compact(state: InboxState) {
      const json = stateToJson(state);
      return inSnapshotTurn(() => inTurn(() => compact(json)));
    },
    get sizeBytes() {
      return place?.end ?? 0;
    },
    close: () =>
      inSnapshotTurn(() =>
        inTurn(async () => {
          closed = true;
          await letGo();
        }),
      ),
  };
}

function newLogId(): string {
  return randomBytes(16).toString('hex');
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const LOG_NAME = 'events.jsonl';
const SNAPSHOT_NAME = 'snapshot.json';
const REPLACED = 'it was replaced or shortened while in use';
