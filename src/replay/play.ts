import { playLog } from './play-log.ts';
import { playRows } from './play-rows.ts';
import type { Run, Until } from './run.ts';
import type { Source } from './source.ts';

/** Plays whatever a file held. */
export function play(source: Source, until: Until = {}): Promise<Run> {
  return source.kind === 'rows' ? playRows(source.script, until) : playLog(source.log, until);
}
