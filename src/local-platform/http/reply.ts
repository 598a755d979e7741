import type { Readable } from 'node:stream';
import { encodeJson } from '../rules/go-json.ts';

/** What a stream reply may do with its connection once the headers are out. */
export interface OpenStream {
  write(text: string): void;
  /** Ends the connection as a server does that goes away. */
  cut(): void;
  /** Calls back once, when either side has ended the connection. */
  onClose(listener: () => void): void;
}

/** What a handler answers; how it travels is the sender's business. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body:
    | { readonly kind: 'bytes'; readonly bytes: Buffer }
    | { readonly kind: 'file'; readonly size: number; open(): Readable }
    | { readonly kind: 'stream'; start(stream: OpenStream): void };
}

/** A JSON reply, encoded as the server encodes (§1.2). */
export function json(status: number, value: unknown, headers?: Readonly<Record<string, string>>): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: { kind: 'bytes', bytes: Buffer.from(encodeJson(value)) },
  };
}

/** A reply that is no JSON. */
export function text(status: number, value: string, contentType = 'text/plain'): Reply {
  return {
    status,
    headers: { 'content-type': contentType },
    body: { kind: 'bytes', bytes: Buffer.from(value) },
  };
}

/** A reply without a body. */
export function empty(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers, body: { kind: 'bytes', bytes: Buffer.alloc(0) } };
}

/** The reply to a path that no route has: text, not JSON (§1.2, §15.14). */
export const noSuchRoute = (): Reply => text(404, '404 page not found');

/** Thrown by a handler or guard to answer at once with a refusal. */
export class Refusal extends Error {
  readonly reply: Reply;
  constructor(reply: Reply) {
    super(`refused with ${reply.status}`);
    this.reply = reply;
  }
}

/** Ends the handling of a request with `{"error": …}` and whatever else belongs to it. */
export function refuse(status: number, error: string, extra: Readonly<Record<string, unknown>> = {}): never {
  throw new Refusal(json(status, { error, ...extra }));
}
