import { readFile } from 'node:fs/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Attachment, InboxMessage } from '../domain/message.ts';
import type { Peek } from '../domain/ports/agent.ts';

/** A small agent: an MCP client that starts the bridge as a host would, and works through what it is handed. */
export interface DemoAgent {
  /** What waits in the inbox now. */
  peek(): Promise<readonly InboxMessage[]>;
  /** Opens the message's files, answers where it came from and thereby pops it. Resolves with the answer's text. */
  answer(message: InboxMessage): Promise<string>;
  close(): Promise<void>;
}

/** How to start the bridge, and what to do with what arrives. */
export interface DemoAgentOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Called for each `notifications/claude/channel`, with its `activity_id`. */
  readonly onPush: (activityId: string) => void;
  /** A line that the bridge wrote to stderr. */
  readonly onStderr: (line: string) => void;
  /** The bridge's process has ended. */
  readonly onGone: () => void;
}

/** Starts the bridge in a process of its own, over stdio, and connects. */
export async function startDemoAgent(options: DemoAgentOptions): Promise<DemoAgent> {
  const transport = new StdioClientTransport({
    command: options.command,
    args: [...options.args],
    env: { ...options.env },
    stderr: 'pipe',
  });
  transport.stderr?.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString().split('\n')) if (line !== '') options.onStderr(line);
  });
  const client = new Client({ name: 'demo-agent', version: '1.0.0' });
  client.fallbackNotificationHandler = async ({ method, params }) => {
    const activityId = (params?.meta as { activity_id?: string } | undefined)?.activity_id;
    if (method === 'notifications/claude/channel' && activityId) options.onPush(activityId);
  };
  client.onclose = options.onGone;
  await client.connect(transport);

  async function call<Result>(name: string, args: Record<string, unknown>): Promise<Result> {
    const result = await client.callTool({ name, arguments: args });
    if (result.isError) throw new Error(`${name}: ${JSON.stringify(result.content)}`);
    return result.structuredContent as Result;
  }

  return {
    async peek() {
      return (await call<Peek>('inbox_peek', { limit: 100 })).messages;
    },
    async answer(message) {
      const files = await Promise.all((message.attachments ?? []).map(describeFile));
      const text = [`You wrote "${message.text}".`, ...files].join(' ');
      if (message.kind === 'peer_agent') {
        await call('delegate_task', {
          workspace_id: message.peer_id,
          task: text,
          reply_to: message.activity_id,
        });
      } else {
        await call('send_message_to_user', { message: text, reply_to: message.activity_id });
      }
      return text;
    },
    close: () => client.close(),
  };
}

async function describeFile({ name, status, path, reason }: Attachment): Promise<string> {
  if (path === undefined) return `${name} did not come (${status}: ${reason}).`;
  const bytes = await readFile(path);
  return `I opened ${name}: ${bytes.length} bytes, and it begins with "${bytes.toString('utf8', 0, 24).split('\n')[0]}".`;
}
