import { empty, json, type Reply, text } from '../http/reply.ts';

/** What a fault does to one request. Several may meet in one: waits add up, the first answer counts, bodies chain. */
export type Fault =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'hold'; readonly until: Promise<void> }
  | { readonly kind: 'answer'; readonly reply: Reply }
  | { readonly kind: 'drop'; readonly after: 'request' | 'handling' }
  | { readonly kind: 'replace'; readonly reply: Reply }
  | { readonly kind: 'rewrite'; readonly change: (value: unknown) => unknown }
  | BodyFault;

/** What a fault does to the bytes of a reply on their way. */
export type BodyFault =
  | { readonly kind: 'truncate'; readonly afterBytes: number }
  | { readonly kind: 'stall'; readonly afterBytes: number }
  | { readonly kind: 'shorten'; readonly toBytes: number }
  | { readonly kind: 'drip'; readonly chunkBytes: number; readonly everyMs: number }
  | { readonly kind: 'unsized' }
  | { readonly kind: 'gzip' };

/** Lets the request wait before it is handled. */
export const latency = (ms: number): Fault => ({ kind: 'wait', ms });

/** Answers in place of the platform, as a proxy or a failing server would. */
export const answer = (reply: Reply): Fault => ({ kind: 'answer', reply });

/** A server error with a JSON text. */
export const serverError = (status = 500, error = 'internal error'): Fault => answer(json(status, { error }));

/** 503 as the platform gives it when its database is away (§2.2). */
export const unavailable = (): Fault =>
  answer(
    json(503, { error: 'platform datastore unavailable — retry shortly', code: 'platform_unavailable' }),
  );

/** 429 with a `Retry-After` of whole seconds, 0 included (§1.5). */
export const tooManyRequests = (retryAfterSeconds: number): Fault =>
  answer(
    json(
      429,
      { error: 'rate limit exceeded', retry_after: retryAfterSeconds },
      { 'retry-after': String(retryAfterSeconds) },
    ),
  );

/** 401 although the token is good. */
export const unauthorised = (): Fault => answer(json(401, { error: 'invalid workspace auth token' }));

/** 404 as text: the route is not there (§15.14). */
export const plainNotFound = (): Fault => answer(text(404, '404 page not found'));

/** A redirect that no client may follow. */
export const redirect = (location: string, status = 302): Fault => answer(empty(status, { location }));

/** A page with status 200 where JSON should be, as a captive portal or the web UI gives it. */
export const htmlPage = (body = '<!doctype html><title>Sign in</title><p>Please sign in.'): Fault =>
  answer(text(200, body, 'text/html; charset=utf-8'));

/** Ends the connection: before the request is handled, or after it, so that only the reply is lost. */
export const dropConnection = (after: 'request' | 'handling'): Fault => ({ kind: 'drop', after });

/** A proxy that gives up: the request is handled, and somebody else's page comes in place of the reply. */
export const proxyGivesUp = (status = 504): Fault => ({
  kind: 'replace',
  reply: text(status, `<html><h1>${status}</h1></html>`, 'text/html'),
});

/** Changes the JSON of the platform's own reply. */
export const rewriteJson = (change: (value: unknown) => unknown): Fault => ({ kind: 'rewrite', change });

/** Announces the whole body and ends the connection after some bytes of it. */
export const truncateBody = (afterBytes: number): Fault => ({ kind: 'truncate', afterBytes });

/** Sends some bytes of the body and then nothing more, leaving the connection open. */
export const stallBody = (afterBytes: number): Fault => ({ kind: 'stall', afterBytes });

/** Sends a complete reply of fewer bytes than there are: its length agrees with itself and with nothing else. */
export const shortenBody = (toBytes: number): Fault => ({ kind: 'shorten', toBytes });

/** Sends the body slowly. */
export const dripBody = (chunkBytes: number, everyMs: number): Fault => ({
  kind: 'drip',
  chunkBytes,
  everyMs,
});

/** Sends the body without saying its length. */
export const unsizedBody = (): Fault => ({ kind: 'unsized' });

/** Sends the body compressed, whatever the client accepts. */
export const gzipBody = (): Fault => ({ kind: 'gzip' });
