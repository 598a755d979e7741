import type { IncomingMessage, ServerResponse } from 'node:http';
import { bearerToken } from '../rules/bearer.ts';
import { spendRate } from '../rules/rate-window.ts';
import type { World } from '../world/world.ts';
import { json, type Reply } from './reply.ts';

/** Requests a minute when nothing else is configured (§1.5). */
const defaultRateLimit = 600;

/** Counts a request, sets the headers that tell of it, and gives the 429 when it was one too many (§1.5). */
export function limitRate(
  incoming: IncomingMessage,
  response: ServerResponse,
  world: World,
): Reply | undefined {
  const client = world.isHead() ? clientAtHead(incoming) : (incoming.socket.remoteAddress ?? '');
  const limit = world.options.rateLimit ?? defaultRateLimit;
  const verdict = spendRate(world.rateWindows.get(client), limit, world.clock.nowMs());
  world.rateWindows.set(client, verdict.window);
  response.setHeader('x-ratelimit-limit', String(limit));
  response.setHeader('x-ratelimit-remaining', String(verdict.remaining));
  response.setHeader('x-ratelimit-reset', String(verdict.resetSeconds));
  if (verdict.passes) return undefined;
  const body = { error: 'rate limit exceeded', retry_after: verdict.resetSeconds };
  return json(429, body, { 'retry-after': String(verdict.resetSeconds) });
}

/** §15.2: the organisation, else the bearer, else the address. */
function clientAtHead({ headers, socket }: IncomingMessage): string {
  const org = headers['x-molecule-org-id'];
  if (org !== undefined) return `org ${org}`;
  const token = bearerToken(headers.authorization);
  return token === undefined ? (socket.remoteAddress ?? '') : `bearer ${token}`;
}
