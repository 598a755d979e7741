import { bearerToken } from '../rules/bearer.ts';
import type { World } from '../world/world.ts';
import { refuse } from './reply.ts';
import type { Call, Guard } from './route.ts';

/** Lets a request pass to its handler or refuses it. */
export function checkGuard(guard: Guard, call: Call, world: World): void {
  if (guard === 'workspace') requireWorkspace(call, call.params.id ?? '', world);
  if (guard === 'admin') requireAdmin(call, world);
}

/** §2.2: the admin token, or a token of exactly this workspace; unknown and removed ones are 401 too. */
function requireWorkspace(call: Call, workspaceId: string, world: World): void {
  const token = bearerToken(call.headers.authorization);
  if (token === undefined) refuse(401, 'missing workspace auth token');
  if (token === world.adminToken) return;
  if (world.workspaceOf(token)?.id !== workspaceId) refuse(401, 'invalid workspace auth token');
}

/** Whether the operator itself is calling. */
export const isAdmin = (call: Call, world: World): boolean =>
  bearerToken(call.headers.authorization) === world.adminToken;

/** §2.5, with `ADMIN_TOKEN` set. */
function requireAdmin(call: Call, world: World): void {
  const token = bearerToken(call.headers.authorization);
  if (token === undefined) refuse(401, 'admin auth required');
  if (token !== world.adminToken) refuse(401, 'invalid admin auth token');
}

/**
 * §2.3: a bearer is asked for only when the workspace has a live token; then no other than its own will do.
 * The orphan token of a removed workspace counts as live and never passes (§3.1).
 */
export function requireOwnToken(call: Call, workspaceId: string, world: World): void {
  if (world.tokens.of(workspaceId).length === 0) return;
  const token = bearerToken(call.headers.authorization);
  if (token === undefined) refuse(401, 'missing workspace auth token');
  if (world.workspaceOf(token)?.id !== workspaceId) refuse(401, 'invalid workspace auth token');
}
