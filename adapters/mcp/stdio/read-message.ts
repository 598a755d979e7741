import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResultResponse,
  type JSONRPCErrorResponse,
  type JSONRPCMessage,
  type RequestId,
} from '@modelcontextprotocol/sdk/types.js';

/** What a line turned out to be. */
export type Reading =
  | { readonly kind: 'message'; readonly message: JSONRPCMessage }
  | { readonly kind: 'refused'; readonly reply: JSONRPCErrorResponse }
  | { readonly kind: 'blank' };

/** JSON-RPC 2.0 §5.1. */
const PARSE_ERROR = -32700;
const INVALID_REQUEST = -32600;
const INVALID_PARAMS = -32602;
const INTERNAL_ERROR = -32603;

/**
 * Reads one line as a JSON-RPC message. The SDK drops in silence whatever it cannot read, so that a host waits for ever
 * (W-20, W-22): here each such line gets an error, with its id where it has a usable one. A message that passes is one
 * that the SDK knows what to do with.
 */
export function readMessage(line: string | null): Reading {
  if (line === null) return refused(PARSE_ERROR, 'Parse error: the line is not UTF-8');
  if (line.trim() === '') return { kind: 'blank' };
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return refused(PARSE_ERROR, 'Parse error: the line is not JSON');
  }
  if (Array.isArray(value)) {
    return refused(
      INVALID_REQUEST,
      'Invalid request: send one message per line, batches are not part of MCP',
    );
  }
  if (typeof value !== 'object' || value === null) {
    return refused(INVALID_REQUEST, 'Invalid request: a message is a JSON object');
  }
  return readObject(value as Fields);
}

/** The error for a line that passed the cap: its id is unknown, since it was never parsed. */
export function lineTooLong(maxLineBytes: number): JSONRPCErrorResponse {
  return refused(INVALID_REQUEST, `Invalid request: the line is longer than ${maxLineBytes} bytes`).reply;
}

/** The error for a request at which the SDK itself failed. */
export function unhandled(id: RequestId): JSONRPCErrorResponse {
  return refused(INTERNAL_ERROR, 'Internal error: the request could not be handled', id).reply;
}

interface Fields {
  readonly jsonrpc?: unknown;
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
}

function readObject(fields: Fields): Reading {
  if (!('method' in fields) && ('result' in fields || 'error' in fields)) return readResponse(fields);
  const id = usableId(fields.id);
  if ('id' in fields && id === undefined) {
    return refused(INVALID_REQUEST, 'Invalid request: id must be a string or a whole number');
  }
  if (fields.jsonrpc !== '2.0') return refused(INVALID_REQUEST, 'Invalid request: jsonrpc must be "2.0"', id);
  if (typeof fields.method !== 'string') {
    return refused(INVALID_REQUEST, 'Invalid request: method must be a string', id);
  }
  return id === undefined
    ? readNotification(fields.method, fields.params)
    : readRequest(id, fields.method, fields.params);
}

function readRequest(id: RequestId, method: string, params: unknown): Reading {
  if (params !== undefined && !isObject(params)) {
    return refused(INVALID_PARAMS, 'Invalid params: params must be an object', id);
  }
  const message = {
    jsonrpc: '2.0' as const,
    id,
    method,
    ...(params === undefined ? {} : { params: withoutTask(params) }),
  };
  if (!isJSONRPCRequest(message))
    return refused(INVALID_PARAMS, 'Invalid params: params._meta is malformed', id);
  return { kind: 'message', message };
}

/** A server that offers no tasks handles a request as if none had been asked for (MCP 2025-11-25); the SDK refuses it. */
function withoutTask({ task: _, ...params }: Readonly<Record<string, unknown>>) {
  return params;
}

/** `params: null` on a true notification means none: nobody waits for an error, and `initialized` must not be lost. */
function readNotification(method: string, params: unknown): Reading {
  const named = method.startsWith('notifications/');
  if (params !== undefined && !isObject(params) && !(named && params === null)) {
    return refused(INVALID_PARAMS, 'Invalid params: params must be an object');
  }
  const message = { jsonrpc: '2.0' as const, method, ...(isObject(params) ? { params } : {}) };
  if (!isJSONRPCNotification(message))
    return refused(INVALID_PARAMS, 'Invalid params: params._meta is malformed');
  return { kind: 'message', message };
}

function readResponse(fields: Fields): Reading {
  if (isJSONRPCResultResponse(fields) || isJSONRPCErrorResponse(fields))
    return { kind: 'message', message: fields };
  return refused(INVALID_REQUEST, 'Invalid request: neither a request nor a well-formed response');
}

function usableId(id: unknown): RequestId | undefined {
  return typeof id === 'string' || Number.isSafeInteger(id) ? (id as RequestId) : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(
  code: number,
  message: string,
  id?: RequestId,
): { kind: 'refused'; reply: JSONRPCErrorResponse } {
  return {
    kind: 'refused',
    reply: { jsonrpc: '2.0', ...(id === undefined ? {} : { id }), error: { code, message } },
  };
}
