import { readFile } from 'node:fs/promises';
import type { Frame } from '../domain/inbox/frame.ts';
import { stateToJson } from '../domain/inbox/state-json.ts';
import { embedJson } from '../pages/embed.ts';
import { readPage } from '../pages/read-page.ts';
import { play } from '../replay/play.ts';
import { readFrames } from '../replay/read-recording.ts';
import { readSource } from '../replay/read-source.ts';
import type { Source } from '../replay/source.ts';

/**
 * The inspector's page with everything in it: what a recording saw, or what comes of an event log or of activity rows
 * when they are replayed. Rejects with a `SourceError` as {@link readSource} does.
 */
export async function makeReport(path: string): Promise<string> {
  return embedJson(await readPage('inspector'), 'frames', await framesOf(path));
}

async function framesOf(path: string): Promise<readonly Frame[]> {
  const sources = await readSource(path);
  const lines = (await readFile(path, 'utf8')).split('\n');
  if (lines[0]?.includes('"recording.started"')) {
    const [, ...frames] = readFrames(path, lines);
    return frames;
  }
  const frames: Frame[] = [];
  for (const source of sources) {
    const run = await play(source);
    frames.push(beginningOf(source, run.frames[0]?.at ?? new Date(0).toISOString()), ...run.frames);
  }
  return frames.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

function beginningOf(source: Source, at: string): Frame {
  const { workspaceId, initial } = source.kind === 'rows' ? source.script : source.log;
  return { type: 'ledger.opened', at, workspaceId, data: { state: stateToJson(initial) } };
}
