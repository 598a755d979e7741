import { basename, dirname } from 'node:path';
import { type Adapter, Low } from 'lowdb';
import * as z from 'zod';
import { type StateJson, stateFromJson } from '../../src/domain/inbox/state-json.ts';
import { byteSourceOf } from '../../src/domain/ports/bytes.ts';
import type { Disk } from '../../src/domain/ports/disk.ts';
import { openLine } from './line.ts';
import type { ReadFrom } from './read-log.ts';
import { sealState } from './sealed-state.ts';

/** The fold of one log up to one event. */
export interface Snapshot {
  /** The log that was folded. */
  readonly log: string;
  /** Where the first line after `state.seq` begins in it. */
  readonly offset: number;
  readonly state: StateJson;
}

/** `snapshot.json`: a cache of the fold, kept by lowdb through an adapter that is private, durable and in slices. */
export interface SnapshotFile {
  /** What it holds, if it fits this log of this size; else null. Rejects when it cannot be read or is damaged. */
  read(log: string, size: number): Promise<ReadFrom | null>;
  write(snapshot: Snapshot): Promise<void>;
  exists(): Promise<boolean>;
  remove(): Promise<void>;
}

/** The snapshot at a path. A write is given up, and leaves what was there, once the signal fires. */
export function createSnapshotFile(disk: Disk, path: string, closing: AbortSignal): SnapshotFile {
  const database = new Low<Snapshot | null>(createAdapter(disk, path, closing), null);

  /** lowdb keeps what it last read or wrote; a second copy of the inbox is nothing to keep. */
  async function withDatabase<T>(use: () => Promise<T>): Promise<T> {
    try {
      return await use();
    } finally {
      database.data = null;
    }
  }

  return {
    read: (log, size) =>
      withDatabase(async () => {
        await database.read();
        const snapshot = database.data;
        if (snapshot?.log !== log || snapshot.offset > size) return null;
        const state = stateFromJson(snapshot.state);
        return state && { state, offset: snapshot.offset };
      }),
    write: (snapshot) =>
      withDatabase(async () => {
        database.data = snapshot;
        await database.write();
      }),
    exists: async () => (await disk.look(path)) !== null,
    async remove() {
      await disk.removeFile(path);
      await disk.syncFolder(dirname(path));
    },
  };
}

function createAdapter(disk: Disk, path: string, closing: AbortSignal): Adapter<Snapshot | null> {
  return {
    async read() {
      const file = await disk.openFile(path, 'read');
      if (!file) return null;
      try {
        const text = Buffer.from(await file.read(0, await file.size())).toString('latin1');
        const value = text.endsWith('\n') ? openLine(text.slice(0, -1)) : null;
        if (value === null) throw new Error(`${basename(path)} does not match its checksum`);
        return snapshotSchema.safeParse(value).data ?? null;
      } finally {
        await file.close();
      }
    },
    async write(snapshot) {
      if (!snapshot) return;
      const { log, offset, state } = snapshot;
      await disk.replaceFile(
        path,
        byteSourceOf(sealState({ v: 1, type: 'log.snapshot', log, offset }, state, closing)),
      );
    },
  };
}

/** Anything else (a newer version's) is no snapshot to us. */
const snapshotSchema = z.object({
  v: z.literal(1),
  type: z.literal('log.snapshot'),
  log: z.string(),
  offset: z.number().int().positive(),
  state: z.custom<StateJson>((state) => typeof state === 'object' && state !== null),
});
