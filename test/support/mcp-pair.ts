import { PassThrough } from 'node:stream';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';
import { createMcpServer, type McpServer, type McpServerOptions } from '../../adapters/mcp/server.ts';
import { type MemoryAgent, memoryAgent } from './memory-agent.ts';
import { type RecordingLogger, recordingLogger } from './recording-logger.ts';

/** A server of ours and the SDK's own client, joined by two pipes in this process. */
export interface McpPair {
  readonly server: McpServer;
  readonly client: Client;
  readonly agent: MemoryAgent;
  readonly logger: RecordingLogger;
  /** Everything the host was told without asking, oldest first. */
  readonly notifications: { method: string; params?: Record<string, unknown> }[];
}

/** Connects a pair; both ends are closed when the test is over. */
export async function mcpPair(options: Partial<McpServerOptions> = {}): Promise<McpPair> {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const agent = memoryAgent();
  const logger = recordingLogger();
  const server = createMcpServer({
    agent: () => agent,
    name: 'molecule-inbox',
    version: '0.0.0',
    instructions: 'be present',
    logger,
    stdin,
    stdout,
    ...options,
  });
  await server.start();
  const client = new Client({ name: 'test-host', version: '1.2.3' });
  const notifications: McpPair['notifications'] = [];
  client.fallbackNotificationHandler = async (notification) => {
    notifications.push(notification as (typeof notifications)[number]);
  };
  await client.connect(pipes(stdout, stdin));
  // From here on the client checks each result against its tool's output schema.
  await client.listTools();
  onTestFinished(async () => {
    await client.close();
    await server.close();
  });
  return { server, client, agent, logger, notifications };
}

/** The client's end of two pipes. */
function pipes(input: PassThrough, output: PassThrough): Transport {
  const buffer = new ReadBuffer();
  const transport: Transport = {
    async start() {
      input.on('data', (chunk: Buffer) => {
        buffer.append(chunk);
        for (let message = buffer.readMessage(); message !== null; message = buffer.readMessage()) {
          transport.onmessage?.(message);
        }
      });
    },
    async send(message: JSONRPCMessage) {
      output.write(serializeMessage(message));
    },
    async close() {
      output.end();
      transport.onclose?.();
    },
  };
  return transport;
}
