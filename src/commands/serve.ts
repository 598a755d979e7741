import { homedir } from 'node:os';
import { createDisk } from '../../adapters/disk/disk.ts';
import { createInstructions } from '../../adapters/mcp/instructions.ts';
import { createMcpServer } from '../../adapters/mcp/server.ts';
import { resolveStateDirectory } from '../../adapters/state-directory/resolve.ts';
import { loadConfig } from '../config/load-config.ts';
import { pollTimeoutSecs } from '../domain/poll-timeout.ts';
import type { AgentPort } from '../domain/ports/agent.ts';
import { createStderrLogger } from '../stderr-logger.ts';
import { version } from '../version.ts';

/**
 * Runs the MCP server until its host goes away. Bad configuration ends it with exit code 2 before anything is answered;
 * after that `initialize` is answered before the bridge is even loaded, and nothing but a closed pipe or a signal ends it.
 */
export async function runServe(args: readonly string[]): Promise<number> {
  const logger = createStderrLogger(process.env.MOLECULE_MCP_VERBOSE);
  const disk = createDisk({ logger });
  const reading = await loadConfig({
    env: process.env,
    args,
    stateDirectory: (configsDir) => resolveStateDirectory({ configsDir, home: homedir(), disk, logger }),
  });
  if (!reading.ok) {
    for (const problem of reading.problems) logger.error(problem);
    return 2;
  }
  const { config, directory } = reading;
  const { options } = config;

  let offerAgent: (agent: AgentPort) => void = () => {};
  const agent = new Promise<AgentPort>((resolve) => {
    offerAgent = resolve;
  });
  const server = createMcpServer({
    agent: () => agent,
    name: 'molecule-inbox',
    version,
    instructions: createInstructions({
      pollTimeoutSecs: pollTimeoutSecs(process.env.MOLECULE_MCP_POLL_TIMEOUT_SECS),
      inboxDisabledReason: options.disableInbox ? 'MOLECULE_MCP_DISABLE_INBOX is set.' : null,
    }),
    logger,
    limits: { maxWaitSecs: options.waitMaxSecs },
  });
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  await server.start();

  // Loaded behind the handshake: got, the log and the machines take longer to load than `initialize` may take to answer.
  const { createBridge } = await import('../bridge/bridge.ts');
  const bridge = createBridge({ config, directory, disk, logger });
  bridge.offerTo(server);
  await bridge.start();
  offerAgent(bridge.agent);

  await Promise.race([server.closed, signalled]);
  const overdue = setTimeout(() => process.exit(0), END_WITHIN_MS);
  await Promise.all([bridge.stop(), server.close()]);
  clearTimeout(overdue);
  process.exit(0);
}

/** A transfer or a write that does not let go by then is left to the next start, which finds everything durable. */
const END_WITHIN_MS = 800;
