/** An error that goes out as a JSON-RPC error with this code; everything else that a handler throws becomes -32603. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** JSON-RPC 2.0 §5.1. */
export const INVALID_PARAMS = -32602;
/** MCP: `resources/read` of what is not there. */
export const RESOURCE_NOT_FOUND = -32002;
