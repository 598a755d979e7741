import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { readEventLog } from './read-event-log.ts';
import { readRecording } from './read-recording.ts';
import { readRows } from './read-rows.ts';
import { parseLine, type Source, SourceError } from './source.ts';

/**
 * Reads what can be replayed: a recording of ours, a workspace's `events.jsonl`, or bare activity rows, told apart by
 * the first line. Rejects with a {@link SourceError} that says what is wrong with which line; never writes.
 */
export async function readSource(path: string): Promise<readonly Source[]> {
  const text = await readText(path);
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.trim() !== '');
  if (first === -1) throw new SourceError(`${path} is empty`);
  const type = z.looseObject({ type: z.string() }).safeParse(parseLine(lines[first] ?? '', path, first + 1))
    .data?.type;
  if (type === 'recording.started') return readRecording(path, lines);
  if (type === 'log.opened' || type === 'log.compacted') return readEventLog(path, lines);
  return readRows(path, lines, await readVisible(path));
}

/** When rows became readable, from the `NAME.visible.json` beside a `NAME.ndjson`. */
async function readVisible(path: string): Promise<Readonly<Record<string, string>>> {
  const beside = path.replace(/\.[^./\\]*$/, '.visible.json');
  const text = await readFile(beside, 'utf8').catch(() => '{}');
  const parsed = z.record(z.string(), z.string()).safeParse(parseLine(text, beside, 1));
  if (!parsed.success) throw new SourceError(`${beside} is not a record of row ids and times`);
  return parsed.data;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new SourceError(`${path} cannot be read (${code ?? message})`);
  }
}
