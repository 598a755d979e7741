import { basename, join } from 'node:path';
import type { OptionValues } from '../config/options.ts';
import { AgentError, type WatchingPort } from '../domain/ports/agent.ts';
import type { Clock, Logger } from '../domain/ports/runtime.ts';
import { type Recording, startRecording } from '../recording/record.ts';
import type { Spectator } from '../recording/spectators.ts';
import type { Inspector } from './inspector.ts';

/** Recordings and an inspector of a running bridge, turned on and off while it runs. One wish at a time. */
export interface Watching extends WatchingPort {
  /** Ends everything; resolves once all that was seen is in the files. */
  stop(): Promise<void>;
}

/** What watching needs. */
export interface WatchingParts {
  readonly watch: (spectator: Spectator) => () => void;
  readonly options: Pick<
    OptionValues,
    | 'record'
    | 'redactText'
    | 'inspect'
    | 'inspectPort'
    | 'inspectText'
    | 'statelyUrl'
    | 'uploadDeadlineSecs'
    | 'uploadNoticeSecs'
    | 'cursorLagSecs'
  >;
  /** Where recordings that are wished for at run time go: each workspace's own folder, made when missing. */
  readonly places: readonly RecordingPlace[];
  readonly clock?: Clock;
  readonly logger: Logger;
}

/** Where the recordings of a workspace lie. */
export interface RecordingPlace {
  readonly workspaceId: string;
  readonly folder: () => Promise<string>;
}

/** Starts what the options ask for. What cannot be started is said, and the bridge runs without it: never rejects. */
export async function startWatching(parts: WatchingParts): Promise<Watching> {
  const { watch, options, places, clock = Date.now, logger } = parts;
  const { uploadDeadlineSecs, uploadNoticeSecs, cursorLagSecs } = options;
  let recordings: readonly Recording[] = [];
  let inspector: Inspector | null = null;
  let underWay: Promise<unknown> = Promise.resolve();

  async function record(path: string, redactText: boolean, workspaceId?: string): Promise<void> {
    const rules = { uploadDeadlineSecs, uploadNoticeSecs, cursorLagSecs };
    const only = workspaceId === undefined ? {} : { workspaceId };
    const recording = await startRecording({ path, redactText, rules, watch, clock, logger, ...only });
    recordings = [...recordings, recording];
  }

  /** A file for each workspace in its own folder, named by the time. */
  async function recordEach(redactText: boolean): Promise<void> {
    const name = `${new Date(clock()).toISOString().slice(0, 19).replaceAll(':', '-')}.ndjson`;
    for (const { workspaceId, folder } of places)
      await record(join(await folder(), name), redactText, workspaceId);
  }

  async function stopRecording(): Promise<void> {
    const ending = recordings;
    recordings = [];
    await Promise.all(ending.map((recording) => recording.stop()));
  }

  async function inspect(withText: boolean): Promise<void> {
    const { startInspector } = await import('./inspector.ts');
    const { inspectPort: port, statelyUrl } = options;
    inspector = await startInspector({ watch, port, withText, statelyUrl, clock });
    logger.warn(`inspector: ${inspector.url}`);
    logger.warn(`inspector in Stately: ${inspector.statelyUrl}`);
  }

  async function stopInspecting(): Promise<void> {
    const ending = inspector;
    inspector = null;
    await ending?.stop();
  }

  const watching: Watching = {
    async change(wish) {
      const { withText } = wish;
      const changed = underWay.then(async () => {
        if (wish.record !== undefined) await stopRecording();
        if (wish.inspect !== undefined) await stopInspecting();
        // The user has said that no recording holds text: an agent cannot say otherwise.
        if (wish.record) await recordEach(options.redactText || !withText).catch(refuse('recorded'));
        if (wish.inspect) await inspect(withText).catch(refuse('inspected'));
      });
      underWay = changed.catch(() => {});
      await changed;
      return {
        recordings: recordings.map(({ path }) => path),
        inspectorUrl: inspector?.url ?? null,
        statelyUrl: inspector?.statelyUrl ?? null,
      };
    },
    async stop() {
      await underWay;
      await Promise.all([stopRecording(), stopInspecting()]);
    },
  };

  if (options.record !== '') {
    await record(options.record, options.redactText).catch((error: NodeJS.ErrnoException) => {
      logger.error(`nothing is recorded: ${basename(options.record)} cannot be made (${error.code})`);
    });
  }
  if (options.inspect) {
    await inspect(options.inspectText).catch((error: Error) => {
      logger.error(`no inspector: ${error.message}`);
    });
  }
  return watching;
}

function refuse(what: string): (error: Error) => never {
  return (error) => {
    throw new AgentError(
      `nothing is ${what}: ${error.message}`,
      'Tell your user; messages come as before.',
      error,
    );
  };
}
