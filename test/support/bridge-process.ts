import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { type CallToolResult, ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { onTestFinished } from 'vitest';
import type { InboxMessage } from '../../src/domain/message.ts';
import type { BridgeStatus, Peek } from '../../src/domain/ports/agent.ts';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import type { TestWorkspace } from './local-platform.ts';
import { createTempFolder } from './temp-folder.ts';
import { until } from './until.ts';

/** A `notifications/claude/channel` as the host got it. */
export interface Push {
  readonly content: string;
  readonly meta: Readonly<Record<string, string>>;
}

/** The built program in a process of its own, and a real MCP client that speaks with it over stdio. */
export interface BridgeProcess {
  readonly client: Client;
  readonly pid: number;
  readonly stateFolder: string;
  readonly pushes: readonly Push[];
  /** Lines of stderr so far. */
  readonly stderr: readonly string[];
  /** Calls a tool that must succeed; resolves with its structured content. */
  call<Result>(name: string, args?: Record<string, unknown>): Promise<Result>;
  /** Calls a tool that must fail; resolves with the text of the refusal. */
  refusal(name: string, args?: Record<string, unknown>): Promise<string>;
  peek(): Promise<readonly InboxMessage[]>;
  pop(activityId: string): Promise<boolean>;
  status(): Promise<BridgeStatus>;
  /** Resolves with the inbox once it holds `count` messages. */
  holds(count: number): Promise<readonly InboxMessage[]>;
  /** Resolves with the pushes once there are `count`. */
  pushed(count: number): Promise<readonly Push[]>;
  /** Ends it as a host does; resolves when the process is gone. */
  close(): Promise<void>;
  /** Sends it a signal that ends it; resolves when the process is gone. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Kills it with -9; resolves when the process is gone. */
  kill(): Promise<void>;
}

/** What a test may say about the process it starts. */
export interface BridgeProcessOptions {
  readonly workspaces: readonly TestWorkspace[];
  /** Reused to restart on the same state; a new temporary folder by default. */
  readonly stateFolder?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The folders that the host offers as its MCP roots; by default it offers none. */
  readonly roots?: readonly string[];
  /** Another bundle of the program than `dist/cli.js`. */
  readonly program?: string;
}

/** Starts the program against a platform and shakes hands; it ends with the test. Paced fast enough for tests. */
export async function startBridgeProcess(
  platform: Pick<LocalPlatform, 'url'>,
  { workspaces, env = {}, program = PROGRAM, roots, ...options }: BridgeProcessOptions,
): Promise<BridgeProcess> {
  const stateFolder = options.stateFolder ?? createTempFolder('state');
  if (!existsSync(program)) throw new Error(`${program} is missing: run \`npm run build\` first`);
  const pushes: Push[] = [];
  const stderr: string[] = [];
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [program],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: stateFolder,
      CONFIGS_DIR: stateFolder,
      PLATFORM_URL: platform.url,
      MOLECULE_POLL_SECS: '0.2',
      MOLECULE_SAFETY_POLL_SECS: '0.2',
      MOLECULE_MCP_VERBOSE: '1',
      ...credentials(workspaces),
      ...env,
    },
    stderr: 'pipe',
  });
  transport.stderr?.on('data', (chunk: Buffer) => {
    stderr.push(
      ...chunk
        .toString()
        .split('\n')
        .filter((line) => line !== ''),
    );
  });
  const client = new Client(
    { name: 'test-host', version: '1.0.0' },
    { capabilities: roots ? { roots: {} } : {} },
  );
  if (roots)
    client.setRequestHandler(ListRootsRequestSchema, () => ({
      roots: roots.map((folder) => ({ uri: pathToFileURL(folder).href })),
    }));
  client.fallbackNotificationHandler = async ({ method, params }) => {
    if (method === 'notifications/claude/channel') pushes.push(params as unknown as Push);
  };
  await client.connect(transport);
  const { pid } = transport;
  if (pid === null) throw new Error('the bridge has no process');
  const isGone = async () => {
    await until(() => !isAlive(pid), 'the process is gone');
  };
  const end = async (signal: NodeJS.Signals) => {
    process.kill(pid, signal);
    await isGone();
  };
  const close = () => client.close().then(isGone);
  onTestFinished(close);

  async function callTool(name: string, args: Record<string, unknown>) {
    const reply = (await client.callTool({ name, arguments: args })) as CallToolResult;
    const text = reply.content.map((part) => ('text' in part ? part.text : '')).join('\n');
    return { isError: reply.isError === true, structuredContent: reply.structuredContent, text };
  }

  const bridge: BridgeProcess = {
    client,
    pid,
    stateFolder,
    pushes,
    stderr,
    async call<Result>(name: string, args = {}) {
      const result = await callTool(name, args);
      if (result.isError) throw new Error(`${name} failed: ${result.text}`);
      return result.structuredContent as Result;
    },
    async refusal(name, args = {}) {
      const result = await callTool(name, args);
      if (!result.isError) throw new Error(`${name} succeeded: ${result.text}`);
      return result.text;
    },
    peek: async () => (await bridge.call<Peek>('inbox_peek', { limit: 500 })).messages,
    pop: async (activityId) =>
      (await bridge.call<{ removed: boolean }>('inbox_pop', { activity_id: activityId })).removed,
    status: () => bridge.call<BridgeStatus>('inbox_status'),
    holds: (count) =>
      until(async () => atLeast(count, await bridge.peek()), `${count} messages in the inbox`),
    pushed: (count) => until(() => atLeast(count, pushes), `${count} pushes`),
    close,
    end,
    kill: () => end('SIGKILL'),
  };
  return bridge;
}

function credentials(workspaces: readonly TestWorkspace[]): Record<string, string> {
  const [only] = workspaces;
  if (only && workspaces.length === 1) return { WORKSPACE_ID: only.id, MOLECULE_WORKSPACE_TOKEN: only.token };
  return { MOLECULE_WORKSPACES: JSON.stringify(workspaces.map(({ id, token }) => ({ id, token }))) };
}

function atLeast<Item>(count: number, items: readonly Item[]): readonly Item[] | null {
  return items.length >= count ? items : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The program under test; `MOLECULE_INBOX_PROGRAM` names another one, an installed package for instance. */
const PROGRAM = process.env.MOLECULE_INBOX_PROGRAM ?? 'dist/cli.js';
