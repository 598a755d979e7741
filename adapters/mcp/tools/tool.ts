import type * as z from 'zod';
import type { AgentPort, CallContext } from '../../../src/domain/ports/agent.ts';

/** One MCP tool: what it is called, what goes in and out, and what it does. */
export interface ToolDefinition<Input extends z.ZodType, Output extends z.ZodType> {
  readonly name: string;
  readonly title: string;
  /** What a model reads before it calls: what the tool does, when to use it, what comes back. */
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  readonly annotations: ToolHints;
  /** Rejects with an `AgentError` where the agent can do something about it. */
  call(args: z.output<Input>, agent: AgentPort, context: ToolContext): Promise<ToolReply<z.input<Output>>>;
}

/** What a host may assume of a tool (MCP, tool annotations). */
export interface ToolHints {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** A tool's result: `structured` for programs, `text` for the model. */
export interface ToolReply<Structured> {
  readonly structured: Structured;
  readonly text: string;
  /** What we add to a text that is somebody else's, in a block of its own; blank for nothing. */
  readonly note?: string;
}

/** What a call knows beside its arguments. */
export interface ToolContext extends CallContext {
  readonly limits: ToolLimits;
}

/** How long tools wait and how much they return. */
export interface ToolLimits {
  /** Longest wait of one call without a progress token, seconds. Hosts give up after 60. */
  readonly maxWaitSecs: number;
  /** Longest wait of one delegation without a progress token, seconds. */
  readonly maxDelegateSecs: number;
  /** Longest wait of one call with a progress token, seconds. */
  readonly maxWaitWithProgressSecs: number;
  /** How often a long wait reports progress. */
  readonly progressEveryMs: number;
  /** Bound of the messages' JSON in one result. A single message may exceed it. */
  readonly maxResultBytes: number;
}

/** A tool with its types checked and forgotten, as the registry lists it. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  readonly annotations: ToolHints;
  /** Takes arguments that `input` has parsed. */
  readonly call: (args: unknown, agent: AgentPort, context: ToolContext) => Promise<ToolReply<unknown>>;
}

/** Declares a tool; the compiler checks `call` against both schemas. */
export function defineTool<Input extends z.ZodType, Output extends z.ZodType>(
  tool: ToolDefinition<Input, Output>,
): Tool {
  return { ...tool, call: (args, agent, context) => tool.call(args as z.output<Input>, agent, context) };
}
