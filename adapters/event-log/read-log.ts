import * as z from 'zod';
import type { StoredEvent } from '../../src/domain/events.ts';
import { type InboxState, initialState } from '../../src/domain/inbox/inbox-state.ts';
import { stateFromJson } from '../../src/domain/inbox/state-json.ts';
import type { Disk, DiskFile } from '../../src/domain/ports/disk.ts';
import type { LoadedLog } from '../../src/domain/ports/storage.ts';
import { damaged } from './damage.ts';
import { openLine } from './line.ts';
import { type LogHead, readHead } from './log-head.ts';
import { readLines } from './read-lines.ts';

/** Where to go on reading: a state and the offset of the first line after it. */
export interface ReadFrom {
  readonly state: InboxState;
  readonly offset: number;
}

/**
 * All that a log file holds, whoever owns it and whatever state it is in, for replays and reports: nothing is created,
 * repaired or kept open, and no snapshot is trusted. `tornBytes` is what a cut or running write has left at its end.
 */
export async function readLog(path: string, disk: Disk): Promise<LoadedLog & { readonly tornBytes: number }> {
  const file = await disk.openFile(path, 'read');
  if (!file) throw damaged(path, 0, 'there is no such file');
  try {
    const size = await file.size();
    const from = await readBeginning(path, file, await readHead(path, file), size);
    const { events, end } = await readEvents(path, file, from, size);
    return { state: from.state, tail: events, tornBytes: size - end };
  } finally {
    await file.close();
  }
}

/** The state with which a log begins. Rejects when its first line is damaged. */
export async function readBeginning(
  path: string,
  file: DiskFile,
  head: LogHead,
  size: number,
): Promise<ReadFrom> {
  for await (const { text, end } of readLines(file, 0, size)) {
    const line = openOr(text, () => damaged(path, 0, 'its first line does not match its checksum'));
    if (head.type === 'log.opened') return { state: initialState(), offset: end };
    const state = stateFromJson(z.looseObject({ state: z.unknown() }).safeParse(line).data?.state);
    if (state?.seq !== head.seq)
      throw damaged(path, 0, 'the state in its first line is not one of this version');
    return { state, offset: end };
  }
  throw damaged(path, 0, 'its first line is cut');
}

/**
 * The events from a place to the end of the log. `end` lies before the file's end when the last write was cut.
 * Rejects on a damaged line, an event of another version, a gap in the sequence.
 */
export async function readEvents(
  path: string,
  file: DiskFile,
  from: ReadFrom,
  size: number,
): Promise<{ readonly events: StoredEvent[]; readonly end: number }> {
  const events: StoredEvent[] = [];
  let end = from.offset;
  for await (const line of readLines(file, from.offset, size)) {
    const start = end;
    const value = openOr(line.text, () => damaged(path, start, 'this line does not match its checksum'));
    const expected = from.state.seq + events.length + 1;
    if (!isEvent(value))
      throw damaged(path, start, 'this line is no event of this version of molecule-inbox');
    if (value.seq !== expected)
      throw damaged(path, start, `event ${expected} should stand here, not ${value.seq}`);
    events.push(value);
    end = line.end;
  }
  return { events, end };
}

function openOr(text: string, otherwise: () => Error): unknown {
  try {
    const value = openLine(text);
    if (value !== null) return value;
  } catch {
    // A line whose checksum fits and that is no JSON was not written by us.
  }
  throw otherwise();
}

/** The envelope only: the checksum vouches for the rest, and `evolve` passes over types that it does not know. */
function isEvent(value: unknown): value is StoredEvent {
  return envelope.safeParse(value).success;
}

const envelope = z.object({
  v: z.literal(1),
  seq: z.number(),
  at: z.string(),
  type: z.string(),
  data: z.looseObject({}),
});
