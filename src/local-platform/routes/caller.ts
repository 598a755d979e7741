import { refuse } from '../http/reply.ts';
import type { Call } from '../http/route.ts';
import { bearerToken } from '../rules/bearer.ts';
import type { World } from '../world/world.ts';

/** Who sends a message. */
export interface Caller {
  /** The workspace that speaks, or null for the canvas. */
  readonly id: string | null;
  /** What HEAD notes about a turn from the canvas: `marked` with its origin, `unmarked` without; no canvas turn else. */
  readonly canvas: 'marked' | 'unmarked' | undefined;
}

const reservedCaller = /^(webhook|system|test|channel):/;

/** Finds out who is calling `POST /workspaces/:id/a2a`, or refuses. */
export function callerOf(call: Call, targetId: string, world: World): Caller {
  const token = bearerToken(call.headers.authorization);
  const claimed = String(call.headers['x-workspace-id'] ?? '');
  if (reservedCaller.test(claimed)) refuse(403, 'invalid caller ID');
  if (world.isHead()) return callerAtHead(token, claimed, world);
  return { id: callerInMay(token, claimed, targetId, world), canvas: undefined };
}

/** §6.2. Whoever shows no workspace token is taken for the canvas. */
function callerInMay(
  token: string | undefined,
  claimed: string,
  targetId: string,
  world: World,
): string | null {
  if (claimed === '') return world.workspaceOf(token)?.id ?? null;
  if (claimed === targetId || world.tokens.of(claimed).length === 0) return claimed;
  if (token === undefined) refuse(401, 'missing caller auth token');
  if (world.workspaceOf(token)?.id !== claimed) refuse(401, 'invalid caller auth token');
  return claimed;
}

/** §15.6. Everybody must show who he is; the operator's word about the caller is trusted. */
function callerAtHead(token: string | undefined, claimed: string, world: World): Caller {
  if (token === undefined) refuse(401, 'missing caller auth token');
  if (token === world.adminToken) return { id: claimed || null, canvas: 'marked' };
  const workspace = world.workspaceOf(token);
  if (workspace === undefined) refuse(401, 'invalid caller auth token');
  if (claimed !== '' && claimed !== workspace.id)
    refuse(401, 'caller ID does not match workspace auth token');
  return { id: workspace.id, canvas: undefined };
}
