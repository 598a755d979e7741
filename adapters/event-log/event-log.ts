import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { StoredEvent } from '../../src/domain/events.ts';
import type { InboxState } from '../../src/domain/inbox/inbox-state.ts';
import { type StateJson, stateToJson } from '../../src/domain/inbox/state-json.ts';
import { byteSourceOf } from '../../src/domain/ports/bytes.ts';
import type { Disk, DiskFile } from '../../src/domain/ports/disk.ts';
import type { Logger } from '../../src/domain/ports/runtime.ts';
import { type EventLog, type LoadedLog, StorageError } from '../../src/domain/ports/storage.ts';
import { damaged } from './damage.ts';
import { sealLine } from './line.ts';
import { createLogFile, type Place } from './log-file.ts';
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

/**
 * The event log in a folder: `events.jsonl`, which is the truth, and `snapshot.json`, which may vanish at any time.
 * Touches nothing before {@link EventLog.load}, which may be called again after a failure. A failed append leaves the
 * file as it was and can be repeated; where even the repair fails, it is made up for before the next append.
 */
export function openEventLog({ folder, disk, logger }: EventLogParts): EventLog {
  const path = join(folder, LOG_NAME);
  const file = createLogFile(disk, path);
  const turns = createTurns();
  const snapshotTurns = createTurns();
  let swept = false;
  /** Fires when there is no more time to rewrite anything. */
  const closing = new AbortController();
  const snapshots = createSnapshotFile(disk, join(folder, SNAPSHOT_NAME), closing.signal);
  let closed = false;
  let begunAtMs: number | null = null;

  async function load(): Promise<LoadedLog> {
    await file.letGo();
    await disk.ensureFolder(folder);
    if (!swept) await sweep();
    swept = true;
    const reading = (await disk.openFile(path, 'read')) ?? (await create());
    try {
      const head = await readHead(path, reading);
      begunAtMs = head.begunAtMs ?? null;
      const known = file.recognise(head.log);
      if (file.place && !known) throw damaged(path, 0, 'it was replaced while in use');
      const size = known?.end ?? (await reading.size());
      const from = (await readSnapshot(head.log, size)) ?? (await readBeginning(path, reading, head, size));
      const { events, end } = await readEvents(path, reading, from, size);
      file.adopt({ log: head.log, end, seq: from.state.seq + events.length }, end < size);
      if (end < size) await cutOff(size - end);
      return { state: from.state, tail: events };
    } finally {
      await reading.close();
    }
  }

  async function create(): Promise<DiskFile> {
    if (file.place || (await snapshots.exists()))
      throw damaged(path, 0, 'it is missing, though its snapshot is there');
    const head = headOf({ type: 'log.opened', log: newLogId(), seq: 0, begunAtMs: Date.now() });
    await disk.replaceFile(path, byteSourceOf([Buffer.from(sealLine(head), 'latin1')]));
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
    await file.ready().catch(() => {});
  }

  async function append(events: readonly StoredEvent[]): Promise<void> {
    requireOpen();
    await file.ready();
    if (events.length === 0) return;
    const next = (file.place?.seq ?? 0) + 1;
    if (events.some((event, index) => event.seq !== next + index))
      throw new StorageError('failed', `${path} goes on with event ${next}, not ${events[0]?.seq}`);
    await file.append(Buffer.from(events.map(sealLine).join(''), 'latin1'), events.length);
  }

  async function compact(state: StateJson, from: Place | null): Promise<void> {
    requireOpen();
    if (from?.seq !== state.seq) throw new StorageError('failed', disagreement(state, from));
    const log = newLogId();
    const nowMs = Date.now();
    const head = headOf({ type: 'log.compacted', log, seq: state.seq, begunAtMs: nowMs });
    await file.replace({ log, from, beginning: sealState(head, state, closing.signal) }, turns.take);
    begunAtMs = nowMs;
    // It may hold what was popped, and fits no longer.
    await snapshots.remove();
  }

  async function saveSnapshot(state: StateJson, at: Place | null): Promise<void> {
    if (at?.seq !== state.seq) return logger.info(`no snapshot: ${disagreement(state, at)}`);
    if (at.log !== file.place?.log || closing.signal.aborted) return;
    try {
      await snapshots.write({ log: at.log, offset: at.end, state });
    } catch (error) {
      if (closing.signal.aborted) return;
      logger.warn(`${folder}: no snapshot was saved, the next start reads the whole log: ${reasonOf(error)}`);
    }
  }

  function disagreement(state: StateJson, at: Place | null): string {
    return `the state stands at event ${state.seq}, ${path} at ${at?.seq}`;
  }

  function requireOpen(): void {
    if (closed) throw closedMeanwhile();
  }

  function closedMeanwhile(): StorageError {
    return new StorageError('failed', `${path} is closed`);
  }

  /** Left-overs cost space, nothing else. */
  async function sweep(): Promise<void> {
    for (const name of [LOG_NAME, SNAPSHOT_NAME]) await disk.sweepTemps(folder, name).catch(() => {});
  }

  return {
    load: () => turns.run(load),
    append: (events) => turns.run(() => append(events)),
    saveSnapshot(state: InboxState) {
      // Both at once, before the state can move on.
      const [json, at] = [stateToJson(state), file.place];
      return snapshotTurns.run(() => saveSnapshot(json, at));
    },
    compact(state: InboxState) {
      const [json, at] = [stateToJson(state), file.place];
      return snapshotTurns.run(() => compact(json, at));
    },
    get sizeBytes() {
      return file.place?.end ?? 0;
    },
    get begunAtMs() {
      return begunAtMs;
    },
    async close() {
      const impatience = setTimeout(() => closing.abort(closedMeanwhile()), FINISH_WITHIN_MS);
      await snapshotTurns.run(() =>
        turns.run(async () => {
          closed = true;
          await file.letGo();
        }),
      );
      clearTimeout(impatience);
    },
  };
}

function newLogId(): string {
  return randomBytes(16).toString('hex');
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** How long a close lets a compaction or a snapshot go on: a large one is given up, and made another time. */
const FINISH_WITHIN_MS = 300;
const LOG_NAME = 'events.jsonl';
const SNAPSHOT_NAME = 'snapshot.json';
