import { basename } from 'node:path';
import type { OptionValues } from '../config/options.ts';
import type { Clock, Logger } from '../domain/ports/runtime.ts';
import { type Recording, startRecording } from '../recording/record.ts';
import type { Spectator } from '../recording/spectators.ts';
import type { Inspector } from './inspector.ts';

/** A recording and an inspector of a running bridge, each to be turned on and off while it runs. */
export interface Watching {
  /** Begins to record; one that runs is ended first. Resolves with the file. Rejects when it cannot be made. */
  record(path: string, redactText: boolean): Promise<string>;
  /** Ends the recording; resolves with its file once all is in it, null when none ran. */
  stopRecording(): Promise<string | null>;
  /** Begins to serve the live inspector; one that runs is ended first. Rejects when the port is taken. */
  inspect(port: number, withText: boolean): Promise<Pick<Inspector, 'url' | 'statelyUrl'>>;
  /** Ends the live inspector and every page's connection. */
  stopInspecting(): Promise<void>;
  /** Ends everything. */
  stop(): Promise<void>;
}

/** What watching needs. */
export interface WatchingParts {
  readonly watch: (spectator: Spectator) => () => void;
  readonly options: Pick<
    OptionValues,
    'record' | 'redactText' | 'inspect' | 'inspectPort' | 'inspectText' | 'statelyUrl'
  >;
  readonly clock?: Clock;
  readonly logger: Logger;
}

/** Starts what the options ask for. What cannot be started is said, and the bridge runs without it: never rejects. */
export async function startWatching(parts: WatchingParts): Promise<Watching> {
  const { watch, options, clock = Date.now, logger } = parts;
  let recording: Recording | null = null;
  let inspector: Inspector | null = null;

  const watching: Watching = {
    async record(path, redactText) {
      await watching.stopRecording();
      recording = await startRecording({ path, redactText, watch, clock, logger });
      return recording.path;
    },
    async stopRecording() {
      const ending = recording;
      recording = null;
      await ending?.stop();
      return ending?.path ?? null;
    },
    async inspect(port, withText) {
      await watching.stopInspecting();
      const { startInspector } = await import('./inspector.ts');
      inspector = await startInspector({ watch, port, withText, statelyUrl: options.statelyUrl, clock });
      const { url, statelyUrl } = inspector;
      logger.warn(`inspector: ${url}`);
      logger.warn(`inspector in Stately: ${statelyUrl}`);
      return { url, statelyUrl };
    },
    async stopInspecting() {
      const ending = inspector;
      inspector = null;
      await ending?.stop();
    },
    async stop() {
      await Promise.all([watching.stopRecording(), watching.stopInspecting()]);
    },
  };

  if (options.record !== '') {
    await watching.record(options.record, options.redactText).catch((error: NodeJS.ErrnoException) => {
      logger.error(`nothing is recorded: ${basename(options.record)} cannot be made (${error.code})`);
    });
  }
  if (options.inspect) {
    await watching.inspect(options.inspectPort, options.inspectText).catch((error: Error) => {
      logger.error(`no inspector: ${error.message}`);
    });
  }
  return watching;
}
