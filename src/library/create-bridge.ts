import { homedir } from 'node:os';
import type { Observable } from 'rxjs';
import { createDisk } from '../../adapters/disk/disk.ts';
import { resolveStateDirectory } from '../../adapters/state-directory/resolve.ts';
import { createBridge as compose, type Bridge as RunningBridge } from '../bridge/bridge.ts';
import { loadConfig } from '../config/load-config.ts';
import type { InboxMessage } from '../domain/message.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import { createStderrLogger } from '../stderr-logger.ts';
import type { Bridge, BridgeConfig, Subscribable } from './bridge-api.ts';

/**
 * Makes a bridge. Nothing is read or sent before `start`, which rejects with one line for each thing in the configuration
 * that can never work, or when the state directory cannot be used.
 */
export function createBridge({
  workspaces,
  settings = {},
  logger = createStderrLogger(undefined),
}: BridgeConfig): Bridge {
  let running: RunningBridge | null = null;
  const waiting: ((bridge: RunningBridge) => void)[] = [];

  function need(): RunningBridge {
    if (!running) throw new Error('the bridge has not been started');
    return running;
  }

  return {
    messages$: whenStarted(
      () => running,
      (then) => waiting.push(then),
      logger,
    ),
    peek: ({ limit = 10, ...request } = {}) => need().inbox.peek({ limit, ...request }),
    pop: async (activityId) => (await need().inbox.pop(activityId, 'pop')).removed,
    async start({ signal } = {}) {
      if (running) throw new Error('the bridge has been started already');
      signal?.throwIfAborted();
      const disk = createDisk({ logger });
      const reading = await loadConfig({
        env: { ...settings, MOLECULE_WORKSPACES: JSON.stringify(workspaces.map(asEntry)) },
        stateDirectory: (configsDir) => resolveStateDirectory({ configsDir, home: homedir(), disk, logger }),
      });
      if (!reading.ok) throw new TypeError(reading.problems.join('\n'));
      running = compose({ config: reading.config, directory: reading.directory, disk, logger });
      signal?.addEventListener('abort', () => void running?.stop(), { once: true });
      await running.start();
      for (const then of waiting.splice(0)) then(running);
    },
    async stop() {
      await running?.stop();
    },
  };
}

function asEntry({ id, token, platformUrl }: BridgeConfig['workspaces'][number]) {
  return { id, token, platform_url: platformUrl };
}

/** Subscribes at once or when the bridge starts; what a subscriber throws is a line for a person and nothing else. */
function whenStarted(
  running: () => RunningBridge | null,
  onStart: (then: (bridge: RunningBridge) => void) => void,
  logger: Logger,
): Subscribable<InboxMessage> {
  return {
    subscribe(next) {
      let ended = false;
      let subscription: { unsubscribe(): void } | undefined;
      const begin = ({ messages$ }: { readonly messages$: Observable<InboxMessage> }) => {
        if (ended) return;
        subscription = messages$.subscribe((message) => {
          try {
            next(message);
          } catch (error) {
            logger.error(`a subscriber of messages$ threw: ${String(error)}`);
          }
        });
      };
      const bridge = running();
      if (bridge) begin(bridge);
      else onStart(begin);
      return {
        unsubscribe() {
          ended = true;
          subscription?.unsubscribe();
        },
      };
    },
  };
}
