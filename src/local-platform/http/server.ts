import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BodyFault, Fault } from '../faults/fault.ts';
import type { RequestFaults } from '../faults/request-faults.ts';
import type { SeenRequest, WritableRequestLog } from '../request-log.ts';
import { bearerToken } from '../rules/bearer.ts';
import { parseJson } from '../rules/go-json.ts';
import { defaultOrigins, mayPassOrigin } from '../rules/origin.ts';
import { type RateWindow, spendRate } from '../rules/rate-window.ts';
import type { World } from '../world/world.ts';
import { checkGuard } from './guards.ts';
import { readBody } from './read-body.ts';
import { empty, json, noSuchRoute, Refusal, type Reply } from './reply.ts';
import type { Call } from './route.ts';
import type { RouteFinder } from './route-finder.ts';
import { sendReply } from './send-reply.ts';

/** What the HTTP side of the platform is made of. */
export interface ServerParts {
  readonly world: World;
  readonly findRoute: RouteFinder;
  readonly requests: WritableRequestLog;
  readonly faults: RequestFaults;
}

const securityHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'content-security-policy': "default-src 'self'",
};

const maxLoggedBytes = 64 * 1024;
const isBodyFault = (fault: Fault): fault is BodyFault =>
  !['wait', 'hold', 'answer', 'drop', 'rewrite'].includes(fault.kind);

/** The platform's HTTP server, in the order of its middleware (§1.1); it is not listening yet. */
export function createPlatformServer({ world, findRoute, requests, faults }: ServerParts): Server {
  const windows = new Map<string, RateWindow>();

  return createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      world.options.log?.(`local platform: ${incoming.method} ${incoming.url}: ${String(error)}`);
      response.destroy();
    });
  });

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://platform');
    const found = findRoute(incoming.method ?? 'GET', url.pathname);
    const seen = requests.arrived(describe(incoming, url, found?.route.at ?? '', found?.params.id));
    response.once('close', () => requests.wasAnswered(seen, 0));

    const met = faults.meeting(seen);
    for (const fault of met) {
      if (fault.kind === 'wait') await sleep(fault.ms);
      if (fault.kind === 'hold') await fault.until;
    }
    if (response.destroyed) return;
    const drop = met.find((fault) => fault.kind === 'drop');
    if (drop?.after === 'request') return void response.destroy();

    const answered = met.find((fault) => fault.kind === 'answer');
    let reply = answered?.reply ?? (await answerRequest());
    for (const fault of met) if (fault.kind === 'rewrite') reply = rewritten(reply, fault.change);
    if (drop?.after === 'handling') return void response.destroy();

    // The body that nobody read is thrown away, so that the client can finish sending it.
    incoming.resume();
    requests.wasAnswered(seen, reply.status);
    await sendReply(reply, response, met.filter(isBodyFault));

    async function answerRequest(): Promise<Reply> {
      const { origin, host } = incoming.headers;
      if (!mayPassOrigin(origin, host, world.options.origins ?? defaultOrigins)) return empty(403);
      const limited = limitRate();
      if (limited !== undefined) return limited;
      const { orgId } = world.options;
      if (
        orgId !== undefined &&
        !isOpenToAnyOrg(url.pathname) &&
        incoming.headers['x-molecule-org-id'] !== orgId
      ) {
        return empty(404);
      }
      for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
      if (found === undefined) return noSuchRoute();
      const call = callOf(incoming, url, found.params, seen);
      try {
        checkGuard(found.route.guard, call, world);
        return await found.route.handle(call, world);
      } catch (error) {
        if (error instanceof Refusal) return error.reply;
        world.options.log?.(`local platform: ${found.route.at}: ${String(error)}`);
        return empty(500);
      }
    }

    function limitRate(): Reply | undefined {
      const client = world.isHead() ? rateKeyAtHead(incoming) : (incoming.socket.remoteAddress ?? '');
      const limit = world.options.rateLimit ?? 600;
      const verdict = spendRate(windows.get(client), limit, world.clock.nowMs());
      windows.set(client, verdict.window);
      response.setHeader('x-ratelimit-limit', String(limit));
      response.setHeader('x-ratelimit-remaining', String(verdict.remaining));
      response.setHeader('x-ratelimit-reset', String(verdict.resetSeconds));
      if (verdict.passes) return undefined;
      const retryAfter = verdict.resetSeconds;
      return json(
        429,
        { error: 'rate limit exceeded', retry_after: retryAfter },
        { 'retry-after': String(retryAfter) },
      );
    }
  }
}

function describe(
  incoming: IncomingMessage,
  url: URL,
  route: string,
  id: string | undefined,
): Omit<SeenRequest, 'n'> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (name !== 'authorization' && name !== 'cookie') headers[name] = String(value);
  }
  return {
    atMs: Date.now(),
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    route,
    id,
    query: url.searchParams,
    headers,
  };
}

function callOf(
  incoming: IncomingMessage,
  url: URL,
  params: Readonly<Record<string, string>>,
  seen: SeenRequest,
): Call {
  return {
    query: url.searchParams,
    params,
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

/** §15.2: the organisation, else the bearer, else the address. */
function rateKeyAtHead({ headers, socket }: IncomingMessage): string {
  const org = headers['x-molecule-org-id'];
  if (org !== undefined) return `org ${org}`;
  const token = bearerToken(headers.authorization);
  return token === undefined ? (socket.remoteAddress ?? '') : `bearer ${token}`;
}

/** §1.6. */
function isOpenToAnyOrg(path: string): boolean {
  return (
    ['/health', '/buildinfo', '/metrics', '/registry/register', '/registry/heartbeat'].includes(path) ||
    path.startsWith('/cp/')
  );
}

function rewritten(reply: Reply, change: (value: unknown) => unknown): Reply {
  if (reply.body.kind !== 'bytes') return reply;
  const value = change(parseJson(reply.body.bytes.toString('utf8')));
  return { ...reply, body: { kind: 'bytes', bytes: Buffer.from(JSON.stringify(value)) } };
}
