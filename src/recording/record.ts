import type { Frame } from '../domain/inbox/frame.ts';
import type { Clock, Logger } from '../domain/ports/runtime.ts';
import type { RecordedRules } from './format.ts';
import { createRecordingFile } from './recording-file.ts';
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
  /** The recording ends before it is larger. */
  readonly maxBytes: number;
  /** Begins to watch the bridge; the result ends it. */
  readonly watch: (spectator: Spectator) => () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A recording under way. */
export interface Recording {
  /** The file that is written. */
  readonly path: string;
  /** Why it has ended by itself, as the end of a sentence; null while it runs. What is in the file stays of use. */
  readonly ended: string | null;
  /** Stops watching; resolves once all that was seen is in the file. */
  stop(): Promise<void>;
}

/**
 * Writes all that is seen as NDJSON, one frame a line, numbered. Never holds up the bridge: what a slow disk does not
 * take is dropped and counted in the file; a disk that fails, and a file that grows too large, end the recording with one
 * line. Rejects when the file cannot be made.
 */
export async function startRecording(parts: RecordingParts): Promise<Recording> {
  const { redactText, workspaceId, rules, maxBytes, watch, clock, logger } = parts;
  const withoutText = createTextRemover();
  let number = 0;
  let dropped = 0;
  let ended: string | null = null;
  let unwatch: (() => void) | null = null;
  const letGo = () => {
    unwatch?.();
    unwatch = null;
  };
  const file = await createRecordingFile({
    path: parts.path,
    maxBytes,
    onEnded(reason) {
      ended = reason;
      letGo();
      logger.error(`${file.path}: the recording ends here: ${reason}`);
    },
  });
  const now = () => new Date(clock()).toISOString();

  const droppedSoFar = () => {
    const data = { count: dropped };
    return dropped === 0 ? null : { n: number + 1, type: 'frames.dropped', at: now(), workspaceId: '', data };
  };
  const write = (frame: Frame) => {
    // What serves all workspaces is nobody's: names only.
    if (workspaceId !== undefined && frame.workspaceId !== '' && frame.workspaceId !== workspaceId) return;
    const missing = droppedSoFar();
    if (missing !== null && file.write(missing)) {
      number += 1;
      dropped = 0;
    }
    const isWritten = file.write({ n: number + 1, ...(redactText ? withoutText(frame) : frame) });
    if (isWritten) number += 1;
    else dropped += 1;
  };

  file.write({ type: 'recording.started', v: 1, at: now(), redacted: redactText, rules });
  unwatch = watch(write);
  if (ended !== null) letGo();
  else logger.warn(`recording to ${file.path}${redactText ? ', without message text' : ''}`);

  return {
    path: file.path,
    get ended() {
      return ended;
    },
    async stop() {
      letGo();
      await file.end(droppedSoFar());
    },
  };
}
