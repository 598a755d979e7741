import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { StoredEvent } from '../domain/events.ts';

/** Follows a workspace's `events.jsonl` from outside, as a spectator: each event once, in order. */
export interface LogWatch {
  /** All events so far; what was written last may still be on its way here until {@link LogWatch.catchUp}. */
  readonly events: readonly StoredEvent[];
  /** Reads to the log's end as it is now. */
  catchUp(): Promise<void>;
  close(): void;
}

/** Starts to follow; the log's folder has to exist, the log itself need not. */
export function watchLog(path: string, onEvent: (event: StoredEvent) => void): LogWatch {
  const events: StoredEvent[] = [];
  let reading: Promise<void> = Promise.resolve();

  async function read(): Promise<void> {
    const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n');
    // The piece behind the last newline is still being written.
    for (const line of lines.slice(0, -1)) {
      const event = JSON.parse(line) as StoredEvent;
      if (event.seq <= (events.at(-1)?.seq ?? 0)) continue;
      events.push(event);
      onEvent(event);
    }
  }

  function catchUp(): Promise<void> {
    reading = reading.then(read);
    return reading;
  }

  const watcher: FSWatcher = watch(dirname(path), () => void catchUp());
  void catchUp();
  return { events, catchUp, close: () => watcher.close() };
}
