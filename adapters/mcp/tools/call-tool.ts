import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type * as z from 'zod';
import { AgentError, type AgentPort } from '../../../src/domain/ports/agent.ts';
import type { Logger } from '../../../src/domain/ports/runtime.ts';
import { frameLine, frameText } from '../../../src/domain/rendering/frame-text.ts';
import { PlatformError } from '../../../src/domain/wire/platform-error.ts';
import { explainIssues } from '../explain-issues.ts';
import { frameData } from '../frame-data.ts';
import { INVALID_PARAMS, ProtocolError } from '../protocol-error.ts';
import { tools } from './registry.ts';
import type { ToolContext } from './tool.ts';

/** One `tools/call`. */
export interface ToolCall {
  readonly name: string;
  readonly args: unknown;
  /** Comes when the bridge is loaded; a call that is made before waits for it. */
  readonly agent: () => Promise<AgentPort> | AgentPort;
  readonly context: ToolContext;
  readonly logger: Logger;
}

/**
 * Runs a tool. What the model can act on, wrong arguments included, comes back as an `isError` result that says what to
 * do next; only an unknown tool is a protocol error. A last line says how many messages wait. Some hosts show the model
 * `structuredContent` in place of the text: a stranger's words are neutralised in both.
 */
export async function callTool({ name, args, agent, context, logger }: ToolCall): Promise<CallToolResult> {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool === undefined) throw new ProtocolError(INVALID_PARAMS, `Unknown tool: ${frameLine(name, 100)}`);
  const parsed = tool.input.safeParse(args ?? {});
  let port: AgentPort | null = null;
  try {
    port = await agent();
    if (!parsed.success) throw wrongArguments(name, parsed.error);
    const reply = await tool.call(parsed.data, port, context);
    return {
      content: [textBlock(reply.text), ...noteBlock(reply.note), ...waitingLine(port)],
      structuredContent: frameData(reply.structured, tool.output) as Record<string, unknown>,
    };
  } catch (error) {
    const result = explainFailure(name, error, context.signal, logger);
    return { ...result, content: [...result.content, ...(port === null ? [] : waitingLine(port))] };
  }
}

function wrongArguments(name: string, error: z.core.$ZodError): AgentError {
  return new AgentError(
    `${name} was not called. Wrong arguments: ${explainIssues(error)}.`,
    'Correct them and call again.',
  );
}

function explainFailure(name: string, error: unknown, signal: AbortSignal, logger: Logger): CallToolResult {
  if (error instanceof AgentError) return failure(error.message, error.advice);
  if (error instanceof PlatformError) return failure(error.message, ADVICE[error.kind] ?? TRY_AGAIN);
  const reason = error instanceof Error ? error.message : String(error);
  if (!signal.aborted) logger.error(`${name} failed: ${reason}`);
  return failure(`${name} failed inside the bridge: ${reason.slice(0, 500)}`, TRY_AGAIN);
}

/** What went wrong may be told in a stranger's words: a peer's, or the platform's. */
function failure(message: string, advice: string): CallToolResult {
  return { isError: true, content: [textBlock(`${frameText(message)}\n${advice}`)] };
}

function noteBlock(note = ''): CallToolResult['content'] {
  return note === '' ? [] : [textBlock(note)];
}

function waitingLine({ inbox }: AgentPort): CallToolResult['content'] {
  if (inbox.disabledReason !== null) return [];
  const count = inbox.waiting();
  if (count === 0) return [textBlock('(No message waits.)')];
  return [
    textBlock(
      count === 1
        ? '(1 message waits: inbox_peek shows it.)'
        : `(${count} messages wait: inbox_peek shows them.)`,
    ),
  ];
}

function textBlock(text: string): { type: 'text'; text: string } {
  return { type: 'text', text };
}

const TRY_AGAIN = 'Try again; if it goes on failing, call inbox_status and tell the user.';

/** What to do about a platform's refusal that nobody translated on the way here. */
const ADVICE: Partial<Record<PlatformError['kind'], string>> = {
  unauthorised: 'The token of this workspace is not accepted. Tell the user: it has to be renewed.',
  removed: 'This workspace was removed on the platform. Tell the user.',
  'rate-limited': 'The platform asks for a pause. Wait a minute before the next call.',
  refused: 'The same call would be refused again: change it.',
};
