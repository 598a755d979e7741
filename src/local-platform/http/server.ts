import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BodyFault, Fault } from '../faults/fault.ts';
import type { RequestFaults } from '../faults/request-faults.ts';
import type { WritableRequestLog } from '../request-log.ts';
import { parseJson } from '../rules/go-json.ts';
import type { World } from '../world/world.ts';
import { answerRequest } from './answer-request.ts';
import { describeRequest } from './call.ts';
import type { Reply } from './reply.ts';
import type { RouteFinder } from './route-finder.ts';
import { sendReply } from './send-reply.ts';

/** What the HTTP side of the platform is made of. */
export interface ServerParts {
  readonly world: World;
  readonly findRoute: RouteFinder;
  readonly requests: WritableRequestLog;
  readonly faults: RequestFaults;
}

/** The platform's HTTP server, with the faults that stand before and after its handlers; it is not listening yet. */
export function createPlatformServer({ world, findRoute, requests, faults }: ServerParts): Server {
  // Like the server itself (§1.2): no idle connection is closed under a client, no slow one given up.
  const patient = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 };
  return createServer(patient, (incoming, response) => {
    handle(incoming, response).catch((error: unknown) => {
      world.options.log?.(`local platform: ${incoming.method} ${incoming.url}: ${String(error)}`);
      response.destroy();
    });
  });

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://platform');
    const found = findRoute(incoming.method ?? 'GET', url.pathname);
    const seen = requests.arrived(describeRequest(incoming, url, found));
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
    let reply = answered?.reply ?? (await answerRequest(incoming, response, url, found, seen, world));
    for (const fault of met) {
      if (fault.kind === 'rewrite') reply = rewritten(reply, fault.change);
      if (fault.kind === 'replace') reply = fault.reply;
    }
    if (drop?.after === 'handling') return void response.destroy();
    // Node would tell the machine's time.
    response.setHeader('date', new Date(world.clock.nowMs()).toUTCString());

    // The body that nobody read is thrown away, so that the client can finish sending it.
    incoming.resume();
    requests.wasAnswered(seen, reply.status);
    await sendReply(reply, response, met.filter(isBodyFault));
  }
}

const isBodyFault = (fault: Fault): fault is BodyFault =>
  !['wait', 'hold', 'answer', 'drop', 'replace', 'rewrite'].includes(fault.kind);

function rewritten(reply: Reply, change: (value: unknown) => unknown): Reply {
  if (reply.body.kind !== 'bytes') return reply;
  const value = change(parseJson(reply.body.bytes.toString('utf8')));
  return { ...reply, body: { kind: 'bytes', bytes: Buffer.from(JSON.stringify(value)) } };
}
