import { homedir } from 'node:os';
import { createDisk } from '../../adapters/disk/disk.ts';
import { resolveStateDirectory } from '../../adapters/state-directory/resolve.ts';
import { createBridge as compose, type Bridge as RunningBridge } from '../bridge/bridge.ts';
import { loadConfig } from '../config/load-config.ts';
import { createStderrLogger } from '../stderr-logger.ts';
import type { Bridge, BridgeConfig } from './bridge-api.ts';
import { createSubscribers } from './subscribers.ts';

/**
 * Makes a bridge. Nothing is read or sent before `start`, which rejects with one line for each thing in the configuration
 * that can never work, or when the state directory cannot be used.
 */
export function createBridge({
  workspaces,
  settings = {},
  logger = createStderrLogger(undefined),
}: BridgeConfig): Bridge {
  const stopping = new AbortController();
  const subscribers = createSubscribers(logger);
  let opening: Promise<RunningBridge> | null = null;
  let running: RunningBridge | null = null;

  function need(): RunningBridge {
    if (!running) throw new Error('the bridge has not been started');
    return running;
  }

  async function open(): Promise<RunningBridge> {
    const disk = createDisk({ logger });
    const env = { ...settings, MOLECULE_WORKSPACES: JSON.stringify(workspaces.map(asEntry)) };
    const reading = await loadConfig({
      env,
      stateDirectory: (configsDir) => resolveStateDirectory({ configsDir, home: homedir(), disk, logger }),
    });
    if (!reading.ok) throw new TypeError(reading.problems.join('\n'));
    stopping.signal.throwIfAborted();
    const bridge = compose({ config: reading.config, directory: reading.directory, disk, logger });
    stopping.signal.addEventListener('abort', () => void bridge.stop(), { once: true });
    await bridge.start();
    return bridge;
  }

  return {
    messages$: subscribers,
    peek: ({ limit = 10, ...request } = {}) => need().inbox.peek({ limit, ...request }),
    pop: async (activityId) => (await need().inbox.pop(activityId, 'pop')).removed,
    async start({ signal } = {}) {
      if (opening) throw new Error('the bridge has been started already');
      signal?.throwIfAborted();
      signal?.addEventListener('abort', () => stopping.abort(signal.reason), { once: true });
      opening = open();
      running = await opening;
      subscribers.begin(running.messages$);
    },
    async stop() {
      stopping.abort(new Error('the bridge was stopped'));
      const bridge = await opening?.catch(() => null);
      await bridge?.stop();
    },
  };
}

function asEntry({ id, token, platformUrl }: BridgeConfig['workspaces'][number]) {
  return { id, token, platform_url: platformUrl };
}
