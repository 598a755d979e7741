import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import got, { type Request as GotRequest, type PlainResponse } from 'got';
import type { ByteSource } from '../../src/domain/ports/bytes.ts';
import type { Logger } from '../../src/domain/ports/runtime.ts';
import { PlatformError } from '../../src/domain/wire/platform-error.ts';
import { type Address, urlBelow } from './address.ts';
import type { Lane, PlatformAgents } from './agents.ts';
import { brokenExchange } from './broken.ts';
import { type RequestBudget, readBudget } from './budget.ts';
import { createEnding, type Ending } from './ending.ts';
import { leanRequest } from './lean-request.ts';
import { replyBody } from './reply-body.ts';

/** One request to the platform. */
export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the base URL, beginning with a slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly lane: Lane;
  /** From the first byte sent to the last one read, milliseconds. */
  readonly deadlineMs: number;
  /** The reply goes on for ever, so the deadline is for its head alone. */
  readonly endless?: true;
  /** The longest wait for a next sign of the other side, milliseconds. */
  readonly stallMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text to send, or a stream, whose `content-length` then belongs into the headers. */
  readonly body?: string | Readable;
}

/** A reply's head, its bytes still to be read from `body`. Any status; nothing of it has been judged. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The request in words, for errors: never the token. */
  readonly what: string;
  /** The token that the request carried, so that errors can leave it out. */
  readonly token: string;
  /** Where the request went. */
  readonly url: URL;
  /**
   * The bytes as sent, in pieces that the taker may keep; rejects with a {@link PlatformError}, or with what `take` threw, and
   * the connection is closed then.
   */
  readonly body: ByteSource;
  /** Ends the exchange. What is still unread is given up; whoever reads it now gets `reason`. */
  end(reason?: PlatformError): void;
}

/** What all requests of one workspace's platform have in common. */
export interface WireOptions {
  readonly address: Address;
  readonly agents: PlatformAgents;
  /** Read at each request, so that a rotated token is used at once (W-49). */
  readonly token: () => string;
  /** `X-Molecule-Org-Id` of a hosted tenant (§1.6). */
  readonly orgId?: string;
  readonly logger: Logger;
  readonly onBudget?: (budget: RequestBudget) => void;
  /** Hears of each reply's status; `signal` is the request's own. */
  readonly onReply?: (status: number, signal: AbortSignal) => void;
}

/** Sends requests. */
export interface Wire {
  /** Resolves with the reply's head; rejects with a {@link PlatformError} when there is none. */
  send(request: WireRequest, signal: AbortSignal): Promise<Reply>;
  /** Ends what is in flight; afterwards every request rejects as aborted. */
  close(): void;
}

/** One way out for all of an adapter's requests: nothing is followed, retried, decompressed, cached or kept in a jar. */
export function createWire(options: WireOptions): Wire {
  const { address, agents, logger } = options;
  const inFlight = new Set<Ending>();
  let closed = false;

  const common = {
    'user-agent': 'molecule-inbox',
    'accept-encoding': 'identity',
    origin: address.origin,
    ...(options.orgId === undefined ? {} : { 'x-molecule-org-id': options.orgId }),
  };

  const start = (request: WireRequest, url: URL, token: string, ending: Ending): GotRequest => {
    const stream = client.stream(url, {
      method: request.method,
      agent: agents.of(request.lane, address.origin),
      signal: ending.signal,
      headers: {
        ...common,
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        ...request.headers,
      },
      ...(request.method === 'GET' ? {} : { body: request.body ?? '' }),
    });
    stream.on('error', () => {}); // Whoever reads the head or the body sees it; between the two nobody may be listening.
    stream.on('uploadProgress', () => ending.awaitProgress());
    return stream;
  };

  return {
    async send(request, signal) {
      const what = `${request.method} ${request.path}`;
      if (closed) throw closedError(what);
      const url = urlBelow(address, request.path, request.query);
      const token = usableToken(options.token);
      const stallMs = request.stallMs === undefined ? {} : { stallMs: request.stallMs };
      const ending = createEnding({ what, totalMs: request.deadlineMs, ...stallMs }, signal);
      inFlight.add(ending);
      const release = () => {
        ending.release();
        inFlight.delete(ending);
      };
      const whyBroken = (error: unknown) =>
        ending.signal.aborted ? (ending.signal.reason as PlatformError) : brokenExchange(error, what);
      try {
        ending.signal.throwIfAborted();
        const stream = start(request, url, token, ending);
        stream.once('close', release);
        // got would first read an answer that has begun to its end, beside us.
        if (typeof request.body === 'object')
          request.body.once('error', (error) => ending.end(whyBroken(error)));
        ending.awaitProgress();
        const [response] = (await once(stream, 'response')) as [PlainResponse];
        ending.awaitProgress(); // A body that nobody begins to read holds its socket no longer than a stall.
        if (request.endless) ending.liftDeadline();
        const { statusCode: status, headers } = response;
        logger.info(`${what}: ${status}`);
        const budget = readBudget(status, headers);
        if (budget) options.onBudget?.(budget);
        options.onReply?.(status, signal);
        const body = replyBody({ request: stream, response }, ending, whyBroken);
        const end = (reason = givenUp(what)) => ending.end(reason);
        return { status, headers, what, token, url, body, end };
      } catch (error) {
        const reason = whyBroken(error);
        ending.end(reason);
        release();
        logger.info(`${what}: ${reason.kind}`);
        throw reason;
      }
    },

    close() {
      closed = true;
      for (const ending of inFlight) ending.end(closedError('a request'));
    },
  };
}

/**
 * One for all: a client for each of a thousand workspaces is 6 KiB each. Of its options, what `leanRequest` names gets
 * through to Node.
 */
const client = got.extend({
  followRedirect: false,
  retry: { limit: 0 },
  throwHttpErrors: false,
  decompress: false,
  request: leanRequest,
});

function usableToken(read: () => string): string {
  let token = '';
  try {
    token = read();
  } catch {} // Whatever it says, it may say with the token.
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new PlatformError('unauthorised', 'the workspace has no token that an HTTP header can carry');
}

function givenUp(what: string): PlatformError {
  return new PlatformError('aborted', `${what} was given up`);
}

function closedError(what: string): PlatformError {
  return new PlatformError('aborted', `${what} was ended: the platform's adapter is closed`);
}
