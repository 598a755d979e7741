import type { StdioLimits } from './stdio/transport.ts';
import type { ToolLimits } from './tools/tool.ts';

/** Every bound of the MCP side. */
export type McpLimits = StdioLimits & ToolLimits;

/** The bounds that apply unless options say otherwise. */
export const defaultLimits: McpLimits = {
  maxLineBytes: 10 * 1024 * 1024,
  maxPendingBytes: 1024 * 1024,
  stallAfterMs: 5_000,
  endGraceMs: 250,
  flushMs: 200,
  maxWaitSecs: 55,
  maxDelegateSecs: 55,
  maxWaitWithProgressSecs: 300,
  progressEveryMs: 10_000,
  maxResultBytes: 64 * 1024,
};
