import { basename } from 'node:path';
import type { OptionValues } from '../config/options.ts';
import { AgentError, type WatchingPort } from '../domain/ports/agent.ts';
import type { Clock } from '../domain/ports/runtime.ts';
import type { Inspector } from './inspector.ts';
import { createRecordings, type RecordingsParts } from './recordings.ts';

/** Recordings and an inspector of a running bridge, turned on and off while it runs. One wish at a time. */
export interface Watching extends WatchingPort {
  /** Ends everything; resolves once all that was seen is in the files. */
  stop(): Promise<void>;
}

/** What watching needs. */
export interface WatchingParts extends Omit<RecordingsParts, 'options' | 'clock'> {
  readonly options: RecordingsParts['options'] &
    Pick<OptionValues, 'record' | 'inspect' | 'inspectPort' | 'inspectText' | 'statelyUrl'>;
  readonly clock?: Clock;
}

/**
 * Starts what the options ask for. That is the user's own: no wish ends it or leads it elsewhere. What cannot be started
 * is said, and the bridge runs without it: never rejects.
 */
export async function startWatching(parts: WatchingParts): Promise<Watching> {
  const { watch, options, clock = Date.now, logger } = parts;
  const recordings = createRecordings({ ...parts, clock });
  let own: Inspector | null = null;
  let wished: Inspector | null = null;
  let underWay: Promise<unknown> = Promise.resolve();

  async function inspect(withText: boolean): Promise<Inspector> {
    const { startInspector } = await import('./inspector.ts');
    const { inspectPort: port, statelyUrl } = options;
    const inspector = await startInspector({ watch, port, withText, statelyUrl, clock });
    logger.warn(`inspector: ${inspector.url}`);
    logger.warn(`inspector in Stately: ${inspector.statelyUrl}`);
    return inspector;
  }

  async function stopWished(): Promise<void> {
    const ending = wished;
    wished = null;
    await ending?.stop();
  }

  const watching: Watching = {
    async change(wish) {
      const { withText } = wish;
      const changed = underWay.then(async () => {
        if (wish.record !== undefined) await recordings.stopWished();
        if (wish.inspect !== undefined) await stopWished();
        // The user has said that no recording holds text: an agent cannot say otherwise.
        if (wish.record)
          await recordings.startWished(options.redactText || !withText).catch(refuse('recorded'));
        if (wish.inspect && own === null) wished = await inspect(withText).catch(refuse('inspected'));
      });
      underWay = changed.catch(() => {});
      await changed;
      const inspector = own ?? wished;
      return {
        recordings: recordings.wished(),
        userRecording: recordings.own(),
        inspectorUrl: inspector?.url ?? null,
        statelyUrl: inspector?.statelyUrl ?? null,
        isUsersInspector: own !== null,
        ended: recordings.ended(),
      };
    },
    ended: recordings.ended,
    async stop() {
      await underWay;
      await Promise.all([recordings.stop(), own?.stop(), stopWished()]);
    },
  };

  if (options.record !== '') {
    await recordings.startOwn(options.record).catch((error: NodeJS.ErrnoException) => {
      logger.error(`nothing is recorded: ${basename(options.record)} cannot be made (${error.code})`);
    });
  }
  if (options.inspect) {
    own = await inspect(options.inspectText).catch((error: Error) => {
      logger.error(`no inspector: ${error.message}`);
      return null;
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
