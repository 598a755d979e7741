import { createWriteStream, type WriteStream } from 'node:fs';
import { extname } from 'node:path';
import type { Frame } from '../domain/inbox/frame.ts';
import type { Clock, Logger } from '../domain/ports/runtime.ts';
import type { RecordedRules } from './format.ts';
import type { Spectator } from './spectators.ts';
import { createTextRemover } from './without-text.ts';

/** What a recording needs. */
export interface RecordingParts {
  /** Where to write; an existing file is left alone, and a number added to the name. */
  readonly path: string;
  /** Leaves message text out. */
  readonly redactText: boolean;
  /** Records nothing of other workspaces. Default: of all. */
  readonly workspaceId?: string;
  /** What a replay waits for as the bridge does. */
  readonly rules: RecordedRules;
  /** Begins to watch the bridge; the result ends it. */
  readonly watch: (spectator: Spectator) => () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A recording under way. */
export interface Recording {
  /** The file that is written. */
  readonly path: string;
  /** Stops watching; resolves once all that was seen is in the file. */
  stop(): Promise<void>;
}

/**
 * Writes all that is seen as NDJSON, one frame a line, numbered. Never holds up the bridge: what a slow disk does not
 * take is dropped and counted in the file, and a disk that fails ends the recording with one line. Rejects when the
 * file cannot be made.
 */
export async function startRecording(parts: RecordingParts): Promise<Recording> {
  const { redactText, workspaceId, rules, watch, clock, logger } = parts;
  const { path, file } = await createFile(parts.path);
  const withoutText = createTextRemover();
  let number = 0;
  let dropped = 0;

  const line = (object: object) => file.write(`${JSON.stringify(object)}\n`);
  const tellDropped = () => {
    if (dropped === 0) return;
    const at = new Date(clock()).toISOString();
    line({ n: ++number, type: 'frames.dropped', at, workspaceId: '', data: { count: dropped } });
    dropped = 0;
  };
  const write = (frame: Frame) => {
    // The delivery machine is nobody's: names only.
    if (workspaceId !== undefined && frame.workspaceId !== '' && frame.workspaceId !== workspaceId) return;
    if (file.writableLength > MAX_WAITING_BYTES) {
      dropped += 1;
      return;
    }
    tellDropped();
    line({ n: ++number, ...(redactText ? withoutText(frame) : frame) });
  };

  line({ type: 'recording.started', v: 1, at: new Date(clock()).toISOString(), redacted: redactText, rules });
  let unwatch: (() => void) | null = watch(write);
  const letGo = () => {
    unwatch?.();
    unwatch = null;
  };
  file.on('error', (error: NodeJS.ErrnoException) => {
    logger.error(`${path}: the recording ends here: ${error.code ?? error.message}`);
    letGo();
  });
  logger.warn(`recording to ${path}${redactText ? ', without message text' : ''}`);

  return {
    path,
    stop() {
      letGo();
      return new Promise((resolve) => {
        if (file.closed || file.destroyed) return resolve();
        tellDropped();
        file.end(resolve);
      });
    },
  };
}

/** A new private file, through no link: `run.ndjson`, else `run-2.ndjson` … */
async function createFile(wanted: string): Promise<{ path: string; file: WriteStream }> {
  const extension = extname(wanted);
  const stem = wanted.slice(0, wanted.length - extension.length);
  for (let copy = 1; ; copy += 1) {
    const path = copy === 1 ? wanted : `${stem}-${copy}${extension}`;
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
    const error = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      file.once('open', () => resolve(null));
      file.once('error', resolve);
    });
    if (error === null) return { path, file };
    if (error.code !== 'EEXIST' || copy >= MAX_COPIES) throw error;
  }
}

const MAX_WAITING_BYTES = 16 * 1024 * 1024;
const MAX_COPIES = 10_000;
