import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createDisk } from '../../adapters/disk/disk.ts';
import { createInstructions } from '../../adapters/mcp/instructions.ts';
import { createMcpServer, type McpServer } from '../../adapters/mcp/server.ts';
import type { Bridge } from '../bridge/bridge.ts';
import { loadConfig } from '../config/load-config.ts';
import { processSources } from '../config/process-sources.ts';
import type { WorkspaceIdentity } from '../domain/ports/agent.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import type { Watching } from '../inspector/watching.ts';
import { keepHeapLean } from '../launch/lean-heap.ts';
import { createStderrLogger } from '../stderr-logger.ts';
import { version } from '../version.ts';

/**
 * Runs the MCP server until its host goes away. Bad configuration ends it with exit code 2 before anything is answered;
 * after that `initialize` is answered before the bridge is even loaded, and nothing but a closed pipe or a signal ends it.
 */
export async function runServe(args: readonly string[]): Promise<number> {
  const early = createStderrLogger(process.env.MOLECULE_MCP_VERBOSE);
  const disk = createDisk({ logger: early });
  const reading = await loadConfig(processSources(args, { disk, logger: early }));
  if (!reading.ok) {
    for (const problem of reading.problems) early.error(problem);
    return 2;
  }
  const { config, directory } = reading;
  const { options } = config;
  const stderr = createStderrLogger(options.verbose ? '1' : '0');
  for (const note of reading.notes) stderr.warn(note);

  let opening: Promise<Bridge> | null = null;
  const open = () => {
    opening ??= openBridge();
    return opening;
  };
  const server = createMcpServer({
    agent: async () => (await open()).agent,
    name: 'molecule-inbox',
    version,
    instructions: createInstructions({
      pollTimeoutSecs: options.pollTimeoutSecs,
      inboxDisabledReason: options.disableInbox ? 'MOLECULE_MCP_DISABLE_INBOX is set.' : null,
    }),
    logger: stderr,
    limits: { maxWaitSecs: options.waitMaxSecs, maxDelegateSecs: options.delegateMaxSecs },
  });
  const logger = tellHostToo(stderr, server);
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });

  /** Loaded behind the handshake: got, the log and the machines take longer to load than `initialize` may take to answer. */
  async function openBridge(): Promise<Bridge> {
    const { createBridge } = await import('../bridge/bridge.ts');
    const bridge = createBridge({
      config,
      directory,
      disk,
      logger,
      offeredRoots: server.offeredRoots,
    });
    keepHeapLean(config.workspaces.length);
    bridge.offerTo(server);
    let watching: Promise<Watching> | null = null;
    let ended: Watching['ended'] = () => [];
    const watch = async () => {
      watching ??= startToWatch(bridge).catch((error) => {
        watching = null; // To be tried again when asked again, and not to be waited for at the end.
        throw error;
      });
      const begun = await watching;
      ended = begun.ended;
      return begun;
    };
    if (options.record !== '' || options.inspect) await watch();
    await bridge.start();
    return {
      ...bridge,
      agent: {
        ...bridge.agent,
        watching: { change: async (wish) => (await watch()).change(wish), ended: () => ended() },
      },
      async stop() {
        await bridge.stop();
        await (await watching)?.stop();
      },
    };
  }

  /** Loaded only when asked for. The inspector's secret is for who sees stderr. */
  async function startToWatch({ watch, agent }: Bridge): Promise<Watching> {
    const { startWatching } = await import('../inspector/watching.ts');
    const places = agent.workspaces.map((workspace) => ({
      workspaceId: workspace.id,
      folder: () => recordingsFolder(workspace),
    }));
    return startWatching({ watch, options, places, logger: stderr });
  }

  /** Within the workspace's own, so that `forget` leaves nothing of it. */
  async function recordingsFolder(workspace: WorkspaceIdentity): Promise<string> {
    const folder = join(await directory.workspaceFolder(workspace), 'recordings');
    await disk.ensureFolder(folder);
    return folder;
  }

  function told(error: unknown): null {
    logger.error(`the bridge failed: ${error instanceof Error ? error.message : error}`);
    return null;
  }

  await server.start();
  const ended = Promise.race([server.closed, signalled]);
  // Loading the bridge keeps the event loop from reading stdin: a host that is about to speak is let speak first.
  await Promise.race([server.initialized, ended, pause(HANDSHAKE_WITHIN_MS, undefined, { ref: false })]);
  const bridge = await Promise.race([open().catch(told), ended.then(() => null)]);
  // After a fault of ours the host starts a new process, which finds all that was durable.
  const failed = bridge?.failed.then(told) ?? new Promise(() => {});
  const exitCode = await Promise.race([ended.then(() => 0), failed.then(() => 1)]);
  setTimeout(() => process.exit(exitCode), END_WITHIN_MS);
  await Promise.all([bridge?.stop(), server.close()]);
  process.exit(exitCode);
}

/** What a person should know reaches also one whose host shows no stderr. */
function tellHostToo(stderr: Logger, host: Pick<McpServer, 'log'>): Logger {
  return {
    info: stderr.info,
    warn(line) {
      stderr.warn(line);
      host.log('warning', line);
    },
    error(line) {
      stderr.error(line);
      host.log('error', line);
    },
  };
}

/** A host that has not shaken hands by then has its messages fetched all the same. */
const HANDSHAKE_WITHIN_MS = 500;
/** A transfer or a write that does not let go by then is left to the next start, which finds everything durable. */
const END_WITHIN_MS = 800;
