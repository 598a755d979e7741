import { join } from 'node:path';
import type { OptionValues } from '../config/options.ts';
import type { EndedRecording } from '../domain/ports/agent.ts';
import type { Clock, Logger } from '../domain/ports/runtime.ts';
import { type Recording, startRecording } from '../recording/record.ts';
import type { Spectator } from '../recording/spectators.ts';

/** What recordings need. */
export interface RecordingsParts {
  readonly watch: (spectator: Spectator) => () => void;
  readonly options: Pick<
    OptionValues,
    'redactText' | 'recordMaxBytes' | 'uploadDeadlineSecs' | 'uploadNoticeSecs' | 'cursorLagSecs'
  >;
  /** Where those go that are wished for at run time: each workspace's own folder, made when missing. */
  readonly places: readonly RecordingPlace[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Where the recordings of a workspace lie. */
export interface RecordingPlace {
  readonly workspaceId: string;
  readonly folder: () => Promise<string>;
}

/** The recordings of a bridge: the user's own, and those that were wished for while it runs. */
export interface Recordings {
  /** Begins the user's own, of all workspaces. */
  startOwn(path: string): Promise<void>;
  /** Begins one for each workspace in its own folder, named by the time. */
  startWished(redactText: boolean): Promise<void>;
  stopWished(): Promise<void>;
  /** Ends all. */
  stop(): Promise<void>;
  /** The file that is being written, or null. */
  own(): string | null;
  /** The files that are being written. */
  wished(): readonly string[];
  /** Those that have ended by themselves, oldest first. */
  ended(): readonly EndedRecording[];
}

/** No recording yet. */
export function createRecordings(parts: RecordingsParts): Recordings {
  const { watch, options, places, clock, logger } = parts;
  const { uploadDeadlineSecs, uploadNoticeSecs, cursorLagSecs, recordMaxBytes: maxBytes } = options;
  const rules = { uploadDeadlineSecs, uploadNoticeSecs, cursorLagSecs };
  let own: Recording | null = null;
  let wished: readonly Recording[] = [];
  let before: readonly EndedRecording[] = [];

  const start = (over: { path: string; redactText: boolean; workspaceId?: string }) =>
    startRecording({ ...over, rules, maxBytes, watch, clock, logger });

  async function stopWished(): Promise<void> {
    before = [...before, ...wished.flatMap(endingOf)].slice(-REMEMBERED);
    const ending = wished;
    wished = [];
    await Promise.all(ending.map((recording) => recording.stop()));
  }

  return {
    async startOwn(path) {
      own = await start({ path, redactText: options.redactText });
    },
    async startWished(redactText) {
      const name = `${new Date(clock()).toISOString().slice(0, 19).replaceAll(':', '-')}.ndjson`;
      for (const { workspaceId, folder } of places) {
        const recording = await start({ path: join(await folder(), name), redactText, workspaceId });
        wished = [...wished, recording];
      }
    },
    stopWished,
    async stop() {
      await Promise.all([own?.stop(), stopWished()]);
    },
    own: () => (own === null || own.ended !== null ? null : own.path),
    wished: () => wished.filter(({ ended }) => ended === null).map(({ path }) => path),
    ended: () => [...(own === null ? [] : endingOf(own)), ...before, ...wished.flatMap(endingOf)],
  };
}

function endingOf({ path, ended }: Recording): EndedRecording[] {
  return ended === null ? [] : [{ path, reason: ended }];
}

/** Enough to say what was lost. */
const REMEMBERED = 20;
