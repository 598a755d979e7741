import type { Readable, Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCErrorResponse, JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';
import { createLineWriter } from './line-writer.ts';
import { lineTooLong, readMessage, unhandled } from './read-message.ts';
import { createLineSplitter } from './split-lines.ts';

/** Where the transport reads and writes, and how much it may hold. */
export interface StdioOptions {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly limits: StdioLimits;
  /** Looks at each message before the SDK does: an error to answer it with, or null to let it pass. */
  readonly refuse?: (message: JSONRPCMessage) => JSONRPCErrorResponse | null;
  /** The host stopped reading stdout, or reads again. */
  readonly onStalledChange?: (stalled: boolean) => void;
}

/** Bounds of the pipe. */
export interface StdioLimits {
  /** Longest line that is read. */
  readonly maxLineBytes: number;
  /** Above this many unread bytes on stdout, requests wait on stdin and {@link StdioTransport.roomy} is false. */
  readonly maxPendingBytes: number;
  /** Nothing taken from stdout for this long means stalled. */
  readonly stallAfterMs: number;
  /** After stdin's end, how long running requests may still answer. */
  readonly endGraceMs: number;
  /** At close, how long what was written may take to leave. */
  readonly flushMs: number;
}

/** Why the connection ended. */
export type CloseReason = 'stdin ended' | 'stdout broke' | 'closed';

/** The SDK's transport with what a server needs to know of the pipe. */
export interface StdioTransport extends Transport {
  readonly stalled: boolean;
  /** Whether a notification may be written now without piling up. */
  readonly roomy: boolean;
  readonly pendingBytes: number;
  /** Why it closed; null while open. */
  readonly closeReason: CloseReason | null;
}

/**
 * Newline-delimited JSON-RPC over two streams, in place of the SDK's own stdio transport: that one misses the end of
 * stdin, dies of a broken pipe, is silent on malformed lines and queues without bound.
 */
export function createStdioTransport({
  stdin,
  stdout,
  limits,
  refuse,
  onStalledChange,
}: StdioOptions): StdioTransport {
  const unanswered = new Set<RequestId>();
  // Lines that came while the host was not reading: handled once it reads again. Mostly empty.
  const held: (string | null)[] = [];
  let heldBytes = 0;
  let inputEnded = false;
  let closeReason: CloseReason | null = null;
  let graceTimer: NodeJS.Timeout | undefined;

  const writer = createLineWriter(stdout, limits.stallAfterMs, {
    taken: release,
    stalledChanged: (stalled) => onStalledChange?.(stalled),
    closed: (error) => {
      if (error !== null && closeReason === null) transport.onerror?.(error);
      finish('stdout broke');
    },
  });
  const splitter = createLineSplitter(limits.maxLineBytes, {
    line: (text) => (held.length === 0 && isRoomy() ? handle(text) : hold(text)),
    tooLong: () => post(JSON.stringify(lineTooLong(limits.maxLineBytes))),
  });

  function isRoomy(): boolean {
    return writer.pendingBytes < limits.maxPendingBytes;
  }

  function handle(line: string | null): void {
    const reading = readMessage(line);
    if (reading.kind === 'refused') post(JSON.stringify(reading.reply));
    if (reading.kind !== 'message') return;
    const { message } = reading;
    const refusal = refuse?.(message) ?? null;
    if (refusal !== null) {
      post(JSON.stringify(refusal));
      return;
    }
    if ('method' in message && 'id' in message) unanswered.add(message.id);
    if ('method' in message && message.method === 'notifications/cancelled') {
      // A cancelled request is never answered.
      unanswered.delete(message.params?.requestId as RequestId);
    }
    pass(message);
  }

  /** The SDK throws at what it can neither take nor put into words, such as a response nested too deep. */
  function pass(message: JSONRPCMessage): void {
    try {
      transport.onmessage?.(message);
    } catch (error) {
      transport.onerror?.(error instanceof Error ? error : new Error(String(error)));
      if (!('method' in message && 'id' in message)) return;
      unanswered.delete(message.id);
      post(JSON.stringify(unhandled(message.id)));
    }
  }

  function hold(line: string | null): void {
    held.push(line);
    heldBytes += line?.length ?? 0;
    // Some room, so that the end of stdin is still noticed; beyond it the pipe itself holds the host back.
    if (heldBytes > limits.maxPendingBytes) stdin.pause();
  }

  function release(): void {
    if (held.length === 0) return;
    while (held.length > 0 && isRoomy() && closeReason === null) {
      const line = held.shift() ?? null;
      heldBytes -= line?.length ?? 0;
      handle(line);
    }
    if (held.length === 0 && closeReason === null && !inputEnded) stdin.resume();
    endIfAnswered();
  }

  function post(line: string): void {
    writer.write(line).catch(() => {
      // The writer has told `closed` already.
    });
  }

  function onData(chunk: Uint8Array | string): void {
    splitter.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  }

  function onEnd(): void {
    if (inputEnded || closeReason !== null) return;
    inputEnded = true;
    splitter.end();
    graceTimer = setTimeout(() => finish('stdin ended'), limits.endGraceMs);
    endIfAnswered();
  }

  function endIfAnswered(): void {
    if (inputEnded && unanswered.size === 0 && held.length === 0) finish('stdin ended');
  }

  function detach(): void {
    clearTimeout(graceTimer);
    stdin.off('data', onData);
    stdin.off('end', onEnd);
    stdin.off('close', onEnd);
    stdin.off('error', onEnd);
    stdin.on('error', () => {});
    stdin.pause();
  }

  let finished: Promise<void> | undefined;
  function finish(reason: CloseReason): Promise<void> {
    finished ??= (async () => {
      closeReason = reason;
      detach();
      await writer.flush(limits.flushMs);
      transport.onclose?.();
    })();
    return finished;
  }

  const transport: StdioTransport = {
    async start() {
      stdin.on('data', onData);
      stdin.on('end', onEnd);
      stdin.on('close', onEnd);
      stdin.on('error', onEnd);
      if (stdin.readableEnded || stdin.destroyed) onEnd();
    },
    async send(message) {
      const line = serialise(message);
      if (!('method' in message) && message.id !== undefined) unanswered.delete(message.id);
      const written = writer.write(line);
      endIfAnswered();
      await written;
    },
    close: () => finish('closed'),
    get stalled() {
      return writer.stalled;
    },
    get roomy() {
      return !writer.closed && !writer.stalled && isRoomy();
    },
    get pendingBytes() {
      return writer.pendingBytes;
    },
    get closeReason() {
      return closeReason;
    },
  };
  return transport;
}

/** A result nested too deep cannot be written: its request is told so rather than left waiting. */
function serialise(message: JSONRPCMessage): string {
  try {
    return JSON.stringify(message);
  } catch (error) {
    if ('method' in message || message.id === undefined) throw error;
    return JSON.stringify({
      jsonrpc: '2.0',
      id: message.id,
      error: { code: -32603, message: 'Internal error: the result cannot be written as JSON' },
    });
  }
}
