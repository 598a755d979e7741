import { json, Refusal, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import { bearerToken } from '../rules/bearer.ts';
import type { World } from '../world/world.ts';
import { callerOf } from './caller.ts';
import { deliverMessage } from './deliver-message.ts';
import { existingWorkspace } from './existing-workspace.ts';

/** Messages to a workspace (§6, §15.1, §15.6). */
export const a2aRoutes: readonly Route[] = [
  { at: 'POST /workspaces/:id/a2a', guard: 'open', handle: send },
  { at: 'POST /workspaces/:id/a2a/inbound', guard: 'open', only: 'head', handle: inject },
  { at: 'GET /workspaces/:id/a2a/queue/:queueId', guard: 'open', handle: showQueued },
];

async function send(call: Call, world: World) {
  const targetId = call.params.id ?? '';
  const caller = callerOf(call, targetId, world);
  return deliverMessage(world, caller, targetId, await readMessage(call, world));
}

/** A message in the name of the canvas, by whoever knows the workspace's inbound secret. */
async function inject(call: Call, world: World) {
  const secret = bearerToken(call.headers.authorization);
  if (secret === undefined) refuse(401, 'missing Authorization header');
  const workspace = existingWorkspace(call, world);
  if (secret !== workspace.inboundSecret) refuse(403, 'invalid inbound secret');
  const text = await readMessage(call, world);
  return deliverMessage(world, { id: null, canvas: 'unmarked' }, workspace.id, text);
}

/** May cuts what is too long, HEAD says so (§6.4, §15.5). */
async function readMessage(call: Call, world: World): Promise<string> {
  const { maxMessageBytes } = world.figures();
  const { text, truncated } = await call.readBody(maxMessageBytes);
  if (truncated && world.isHead()) {
    const error = `request body exceeds ${maxMessageBytes} byte limit: A2A body exceeds size limit`;
    throw new Refusal(json(413, { error, max_bytes: maxMessageBytes, truncated: true }));
  }
  return text;
}

/** §6.7. This platform queues nothing for push workspaces, so that no item is ever found. */
function showQueued(call: Call, world: World): never {
  if (world.isHead()) callerOf(call, call.params.id ?? '', world);
  return refuse(404, 'queue item not found', world.isHead() ? { retryable: true } : {});
}
