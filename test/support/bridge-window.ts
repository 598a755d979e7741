import { onTestFinished } from 'vitest';
import { createDisk, type FileSystem } from '../../adapters/disk/disk.ts';
import { resolveStateDirectory } from '../../adapters/state-directory/resolve.ts';
import { type Bridge, createBridge } from '../../src/bridge/bridge.ts';
import type { InboxLimits } from '../../src/bridge/room.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { InboxMessage } from '../../src/domain/message.ts';
import type { AgentPort, BridgeStatus, WorkspaceStatus } from '../../src/domain/ports/agent.ts';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import type { Push } from './bridge-process.ts';
import type { TestWorkspace } from './local-platform.ts';
import { type RecordingLogger, recordingLogger } from './recording-logger.ts';
import { createTempFolder } from './temp-folder.ts';
import { until } from './until.ts';

/** A whole bridge in this process, with what its agent may ask and a host that takes every push. */
export interface BridgeWindow {
  readonly bridge: Bridge;
  readonly agent: AgentPort;
  readonly stateFolder: string;
  readonly pushes: readonly Push[];
  readonly logger: RecordingLogger;
  /** Changed by a test: the host stops reading. */
  readonly host: { stalled: boolean };
  texts(): Promise<string[]>;
  peek(): Promise<readonly InboxMessage[]>;
  status(): Promise<BridgeStatus>;
  /** Resolves with the inbox once it holds `count` messages. */
  holds(count: number): Promise<readonly InboxMessage[]>;
  pushed(count: number): Promise<readonly Push[]>;
  /** Resolves with the first workspace's status once it is as said. */
  stands(as: (status: WorkspaceStatus) => boolean, what: string): Promise<WorkspaceStatus>;
}

/** What a test may say about a window. */
export interface BridgeWindowOptions {
  readonly workspaces: readonly TestWorkspace[];
  /** Reused to restart on the same state, or to share it; a new temporary folder by default. */
  readonly stateFolder?: string;
  /** Where windows meet; by default apart from all others. */
  readonly runTimeFolder?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The file system below the bridge, for faults. */
  readonly fs?: FileSystem;
  readonly limits?: InboxLimits;
  /** The wall clock, for a test that lets it jump. */
  readonly clock?: () => number;
  /** A host that takes pushes as it likes; by default all at once. */
  readonly takePush?: (push: Push) => Promise<void>;
}

/** Starts a window; it stops with the test. Paced fast enough for tests. */
export async function openBridgeWindow(
  platform: Pick<LocalPlatform, 'url'>,
  { workspaces, env = {}, fs, limits, clock, takePush = async () => {}, ...options }: BridgeWindowOptions,
): Promise<BridgeWindow> {
  const stateFolder = options.stateFolder ?? createTempFolder('state');
  const logger = recordingLogger();
  const disk = createDisk({ logger, ...(fs ? { fs } : {}) });
  const reading = await loadConfig({
    env: {
      CONFIGS_DIR: stateFolder,
      MOLECULE_POLL_SECS: '0.1',
      MOLECULE_SAFETY_POLL_SECS: '0.1',
      MOLECULE_WORKSPACES: JSON.stringify(
        workspaces.map(({ id, token }) => ({ id, token, platform_url: platform.url })),
      ),
      ...env,
    },
    stateDirectory: (configsDir) => resolveStateDirectory({ configsDir, home: stateFolder, disk, logger }),
  });
  if (!reading.ok) throw new Error(reading.problems.join('\n'));
  const runTimeFolder = options.runTimeFolder ?? createTempFolder('run');
  const bridge = createBridge({
    config: reading.config,
    directory: reading.directory,
    disk,
    logger,
    runTimeFolder,
    ...(limits ? { limits } : {}),
    ...(clock ? { clock } : {}),
  });
  onTestFinished(() => bridge.stop());

  const pushes: Push[] = [];
  const host = {
    stalled: false,
    initialized: Promise.resolve(),
    async push({ content, meta }: Pick<Push, 'content'> & { meta: object }) {
      const push: Push = { content, meta: { ...meta } };
      await takePush(push);
      pushes.push(push);
    },
    inboxChanged() {},
  };
  bridge.offerTo(host);
  await bridge.start();

  const { agent } = bridge;
  const peek = async () => (await agent.inbox.peek({ limit: 20_000 })).messages;
  const window: BridgeWindow = {
    bridge,
    agent,
    stateFolder,
    pushes,
    logger,
    host,
    peek,
    texts: async () => (await peek()).map(({ text }) => text),
    status: () => agent.inbox.status(),
    holds: (count) =>
      until(async () => {
        const messages = await peek();
        return messages.length >= count ? messages : null;
      }, `${count} messages in the inbox`),
    pushed: (count) => until(() => (pushes.length >= count ? pushes : null), `${count} pushes`),
    stands: (as, what) =>
      until(
        async () =>
          (await agent.inbox.status()).workspaces.find((status, index) => index === 0 && as(status)),
        what,
      ),
  };
  return window;
}
