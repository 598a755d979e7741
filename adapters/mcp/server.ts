import type { Readable, Writable } from 'node:stream';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  ListToolsRequestSchema,
  type Notification,
  type ProgressToken,
  type Request,
} from '@modelcontextprotocol/sdk/types.js';
import type { AgentPort, CallContext } from '../../src/domain/ports/agent.ts';
import type { Logger } from '../../src/domain/ports/runtime.ts';
import { checkParams } from './check-params.ts';
import { createHostNotifier, type HostNotifier } from './host.ts';
import { defaultLimits, type McpLimits } from './limits.ts';
import { AjvJsonSchemaValidator } from './no-schema-validator.ts';
import { servePrompts } from './prompts.ts';
import { serveResources } from './resources.ts';
import { createOfferedRoots, type OfferedRoots } from './roots.ts';
import { type CloseReason, createStdioTransport } from './stdio/transport.ts';

/** What the MCP side is made of. */
export interface McpServerOptions {
  /** The bridge, when it is loaded: the handshake and the lists do without, tool calls and resources wait for it. */
  readonly agent: () => Promise<AgentPort> | AgentPort;
  readonly name: string;
  readonly version: string;
  /** What the model reads at the start of a session; see `createInstructions`. */
  readonly instructions: string;
  readonly logger: Logger;
  /** The process's own if left out. */
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  readonly limits?: Partial<McpLimits>;
  /** The host stopped reading stdout, or reads again. */
  readonly onStalledChange?: (stalled: boolean) => void;
}

/** A running MCP server. */
export interface McpServer extends HostNotifier {
  /** Starts to read stdin; `initialize` is answered from then on. */
  start(): Promise<void>;
  /** Resolves when the host has said `notifications/initialized`; stays pending if it never does. */
  readonly initialized: Promise<HostIdentity>;
  /** Resolves once, when the connection is over and what was written has left or can no longer leave. */
  readonly closed: Promise<CloseReason>;
  /** Where the host says that the agent works. */
  readonly offeredRoots: OfferedRoots;
  /** The host has not read stdout for a while. */
  readonly stalled: boolean;
  /** Ends the connection: running calls are aborted, what was written is flushed within a bound. */
  close(): Promise<void>;
}

/** The host as it names itself. */
export interface HostIdentity {
  readonly name: string;
  readonly version: string;
}

/** Turns an agent port into an MCP server over stdio. */
export function createMcpServer(options: McpServerOptions): McpServer {
  const limits: McpLimits = { ...defaultLimits, ...options.limits };
  const { agent, logger } = options;
  const transport = createStdioTransport({
    stdin: options.stdin ?? process.stdin,
    stdout: options.stdout ?? process.stdout,
    limits,
    refuse: checkParams,
    ...(options.onStalledChange === undefined ? {} : { onStalledChange: options.onStalledChange }),
  });
  const server = new Server<Request, Notification>(
    { name: options.name, version: options.version },
    {
      capabilities: {
        tools: {},
        resources: { subscribe: true },
        prompts: {},
        logging: {},
        experimental: { 'claude/channel': {} },
      },
      instructions: options.instructions,
      jsonSchemaValidator: new AjvJsonSchemaValidator(),
    },
  );

  let isInitialized = false;
  const initialized = new Promise<HostIdentity>((resolve) => {
    server.oninitialized = () => {
      isInitialized = true;
      const host = server.getClientVersion();
      resolve({ name: host?.name ?? '', version: host?.version ?? '' });
    };
  });
  const closed = new Promise<CloseReason>((resolve) => {
    server.onclose = () => resolve(transport.closeReason ?? 'closed');
  });
  server.onerror = (error) => logger.info(`MCP: ${error.message}`);

  // The tools are loaded when first asked for: their schemas are a tenth of what stands before the handshake.
  server.setRequestHandler(ListToolsRequestSchema, async () => {
    const { listTools } = await import('./tools/list-tools.ts');
    return { tools: listTools() };
  });
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const { callTool } = await import('./tools/call-tool.ts');
    const token = extra._meta?.progressToken;
    const progress = token === undefined ? undefined : reportProgress(token, extra.sendNotification);
    const context = { signal: extra.signal, limits, ...(progress === undefined ? {} : { progress }) };
    return callTool({ name: params.name, args: params.arguments, agent, context, logger });
  });
  servePrompts(server);
  const updates = serveResources(server, { agent, maxResultBytes: limits.maxResultBytes });

  return {
    ...createHostNotifier(server, transport, updates, () => isInitialized),
    start: () => server.connect(transport),
    initialized,
    closed,
    offeredRoots: createOfferedRoots(server, logger),
    get stalled() {
      return transport.stalled;
    },
    close: () => transport.close(),
  };
}

/** Progress that only grows, as MCP asks; lost quietly when the host is gone. */
function reportProgress(
  progressToken: ProgressToken,
  send: (notification: Notification) => Promise<void>,
): NonNullable<CallContext['progress']> {
  let last = Number.NEGATIVE_INFINITY;
  return (done, total, note) => {
    if (done <= last) return;
    last = done;
    const params = { progressToken, progress: done, ...(total === null ? {} : { total }), message: note };
    send({ method: 'notifications/progress', params }).catch(() => {});
  };
}
