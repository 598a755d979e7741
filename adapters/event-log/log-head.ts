import type { DiskFile } from '../../src/domain/ports/disk.ts';
import { damaged } from './damage.ts';

/** What the start of a log's first line tells, however long the state is that follows in it. */
export interface LogHead {
  /** `log.opened` begins with nothing, `log.compacted` with the state that was folded up to `seq`. */
  readonly type: 'log.opened' | 'log.compacted';
  /** This very log's identity: a snapshot belongs to one log, and a compacted log is another. */
  readonly log: string;
  readonly seq: number;
  /** When it was begun, milliseconds since the epoch; null in logs that do not say. */
  readonly begunAtMs?: number | null;
}

/** The members of a first line, in the order that {@link readHead} expects. */
export function headOf({ type, log, seq, begunAtMs = null }: LogHead): object {
  return { v: 1, type, log, seq, begunAtMs };
}

/** Reads the first bytes of a log. Rejects when they are none that this version wrote. */
export async function readHead(path: string, file: DiskFile): Promise<LogHead> {
  const start = Buffer.from(await file.read(0, HEAD_BYTES)).toString('latin1');
  const [, version, type, log, seq, begunAtMs] = HEAD.exec(start) ?? [];
  if (version !== undefined && version !== '1') throw damaged(path, 0, NEWER);
  if ((type !== 'log.opened' && type !== 'log.compacted') || log === undefined)
    throw damaged(path, 0, 'its first line is no beginning of a log');
  return { type, log, seq: Number(seq), begunAtMs: begunAtMs === undefined ? null : Number(begunAtMs) };
}

const HEAD_BYTES = 256;
const HEAD = /^\{"v":(\d+),"type":"(log\.[a-z]+)","log":"([0-9a-f]{32})","seq":(\d+),(?:"begunAtMs":(\d+),)?/;
const NEWER = 'it was written by another version of molecule-inbox; run that version, or update this one';
