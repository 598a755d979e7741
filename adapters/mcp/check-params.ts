import {
  CallToolRequestSchema,
  GetPromptRequestSchema,
  InitializeRequestSchema,
  type JSONRPCErrorResponse,
  type JSONRPCMessage,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  ReadResourceRequestSchema,
  SetLevelRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { explainIssues } from './explain-issues.ts';

/**
 * The -32602 for a request whose params are not what its method asks for, else null. The SDK would answer -32603 with a
 * dump of its validator (W-20: `"arguments": null` and its like).
 */
export function checkParams(message: JSONRPCMessage): JSONRPCErrorResponse | null {
  if (!('method' in message && 'id' in message)) return null;
  const checked = SCHEMAS.get(message.method)?.safeParse(message);
  if (checked === undefined || checked.success) return null;
  return {
    jsonrpc: '2.0',
    id: message.id,
    error: { code: -32602, message: `Invalid params: ${explainIssues(checked.error)}` },
  };
}

const SCHEMAS = new Map(
  [
    InitializeRequestSchema,
    SetLevelRequestSchema,
    ListToolsRequestSchema,
    CallToolRequestSchema,
    ListResourcesRequestSchema,
    ListResourceTemplatesRequestSchema,
    ReadResourceRequestSchema,
    SubscribeRequestSchema,
    UnsubscribeRequestSchema,
    ListPromptsRequestSchema,
    GetPromptRequestSchema,
  ].map((schema) => [schema.shape.method.value as string, schema] as const),
);
