import { refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import { bearerToken } from '../rules/bearer.ts';
import type { World } from '../world/world.ts';
import { deliverMessage } from './deliver-message.ts';

/** Messages to a workspace (§6). */
export const a2aRoutes: readonly Route[] = [{ at: 'POST /workspaces/:id/a2a', guard: 'open', handle: send }];

async function send(call: Call, world: World) {
  const targetId = call.params.id ?? '';
  const callerId = callerOf(call, targetId, world);
  const { text } = await call.readBody(world.figures().maxMessageBytes);
  return deliverMessage(world, callerId, targetId, text);
}

const reservedCaller = /^(webhook|system|test|channel):/;

/** Who is calling (§6.2): a workspace, or null for the canvas. */
function callerOf(call: Call, targetId: string, world: World): string | null {
  const token = bearerToken(call.headers.authorization);
  const claimed = String(call.headers['x-workspace-id'] ?? '');
  if (claimed === '') return world.workspaceOf(token)?.id ?? null;
  if (reservedCaller.test(claimed)) refuse(403, 'invalid caller ID');
  if (claimed === targetId || world.tokens.of(claimed).length === 0) return claimed;
  if (token === undefined) refuse(401, 'missing caller auth token');
  if (world.workspaceOf(token)?.id !== claimed) refuse(401, 'invalid caller auth token');
  return claimed;
}
