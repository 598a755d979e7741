import type { IncomingMessage } from 'node:http';
import type { SeenRequest } from '../request-log.ts';
import { parseJson } from '../rules/go-json.ts';
import { readBody } from './read-body.ts';
import type { Call } from './route.ts';
import type { FoundRoute } from './route-finder.ts';

/** Longer bodies are not kept, so that the log of a long run stays small. */
const maxLoggedBytes = 8 * 1024;

/** What the request log keeps of a request that has just arrived: everything but its credentials. */
export function describeRequest(
  incoming: IncomingMessage,
  url: URL,
  found: FoundRoute | undefined,
): Omit<SeenRequest, 'n'> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (name !== 'authorization' && name !== 'cookie') headers[name] = String(value);
  }
  return {
    atMs: Date.now(),
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    route: found?.route.at ?? '',
    id: found?.params.id,
    query: url.searchParams,
    headers,
  };
}

/** A request as handlers see it. A body that is read as JSON is noted in the log as well. */
export function createCall(incoming: IncomingMessage, url: URL, found: FoundRoute, seen: SeenRequest): Call {
  return {
    query: url.searchParams,
    params: found.params,
    headers: incoming.headers,
    incoming,
    baseUrl: `http://${incoming.headers.host ?? 'localhost'}`,
    async readBody(maxBytes = Number.POSITIVE_INFINITY) {
      const body = await readBody(incoming, maxBytes);
      if (body.text.length <= maxLoggedBytes) seen.json = parseJson(body.text);
      return body;
    },
  };
}
