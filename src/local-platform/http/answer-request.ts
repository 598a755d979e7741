import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SeenRequest } from '../request-log.ts';
import { defaultOrigins, mayPassOrigin } from '../rules/origin.ts';
import type { World } from '../world/world.ts';
import { createCall } from './call.ts';
import { checkGuard } from './guards.ts';
import { limitRate } from './limit-rate.ts';
import { empty, noSuchRoute, Refusal, type Reply } from './reply.ts';
import type { FoundRoute } from './route-finder.ts';

const securityHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'content-security-policy': "default-src 'self'",
};

/** Takes a request through the server's middleware in its order (§1.1) and to its handler. */
export async function answerRequest(
  incoming: IncomingMessage,
  response: ServerResponse,
  url: URL,
  found: FoundRoute | undefined,
  seen: SeenRequest,
  world: World,
): Promise<Reply> {
  const { origins = defaultOrigins, orgId, log } = world.options;
  const { headers } = incoming;
  if (!mayPassOrigin(headers.origin, headers.host, origins)) return empty(403);
  const limited = limitRate(incoming, response, world);
  if (limited !== undefined) return limited;
  if (orgId !== undefined && headers['x-molecule-org-id'] !== orgId && !isOpenToAnyOrg(url.pathname)) {
    return empty(404);
  }
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
  if (found === undefined) return noSuchRoute();
  const call = createCall(incoming, url, found, seen);
  try {
    checkGuard(found.route.guard, call, world);
    return await found.route.handle(call, world);
  } catch (error) {
    if (error instanceof Refusal) return error.reply;
    // As after a panic of the server: 500 without a body (§1.2).
    log?.(`local platform: ${found.route.at}: ${String(error)}`);
    return empty(500);
  }
}

/** §1.6. */
function isOpenToAnyOrg(path: string): boolean {
  return (
    ['/health', '/buildinfo', '/metrics', '/registry/register', '/registry/heartbeat'].includes(path) ||
    path.startsWith('/cp/')
  );
}
