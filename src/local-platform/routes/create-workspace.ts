import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { json, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import { decodeBody, goFlag, goInteger, goText } from '../rules/go-json.ts';
import { newInboundSecret, newWorkspace } from '../world/workspaces.ts';
import type { World } from '../world/world.ts';
import { connectionBlock } from './connection.ts';

/** Making a workspace (§11.1, §15.11). */
export const createWorkspaceRoutes: readonly Route[] = [
  { at: 'POST /workspaces', guard: 'admin', handle: create },
];

const creation = z.object({
  name: goText,
  runtime: goText,
  external: goFlag,
  delivery_mode: goText,
  url: goText,
  role: goText,
  parent_id: goText,
  tier: goInteger,
  budget_limit: z.number().nullish(),
  max_concurrent_tasks: goInteger,
});

const externalRuntimes = { may: ['external'], head: ['external', 'kimi', 'kimi-cli'] };

/** With a url it is online at once and gets no token. */
async function create(call: Call, world: World) {
  const body = decodeBody(creation, (await call.readBody()).text);
  if (body === undefined || body.name === '') refuse(400, 'invalid workspace payload');
  if (!['', 'push', 'poll'].includes(body.delivery_mode))
    refuse(400, "delivery_mode must be 'push' or 'poll'");
  const hasExternalRuntime = externalRuntimes[world.profile()].includes(body.runtime);
  if (world.isHead() && body.external && body.runtime !== '' && !hasExternalRuntime) {
    const error = 'external workspaces must use runtime "external", "kimi", or "kimi-cli"';
    refuse(422, error, { runtime: body.runtime, code: 'RUNTIME_UNSUPPORTED' });
  }
  const isExternal = body.external || hasExternalRuntime;

  const workspace = newWorkspace({
    id: randomUUID(),
    name: world.isHead() ? freeName(body.name, world) : body.name,
    inboundSecret: newInboundSecret(),
    role: body.role || null,
    parentId: body.parent_id || world.platformRootId(),
    tier: body.tier || 3,
    budgetLimit: body.budget_limit ?? null,
    maxConcurrentTasks: body.max_concurrent_tasks || 1,
    deliveryMode: body.delivery_mode === 'poll' ? 'poll' : 'push',
    runtime: isExternal ? (hasExternalRuntime ? body.runtime : 'external') : body.runtime || 'langgraph',
    url: body.url,
    status: isExternal ? (body.url === '' ? 'awaiting_agent' : 'online') : 'provisioning',
  });
  world.workspaces.set(workspace.id, workspace);
  const told = { id: workspace.id, status: workspace.status };
  if (!isExternal) return json(201, told);
  if (body.url !== '') return json(201, { ...told, external: true });
  const connection = connectionBlock(
    workspace,
    call.baseUrl,
    world.tokens.issue(workspace.id),
    world.isHead(),
  );
  return json(201, { ...told, external: true, connection });
}

/** A name that nobody has yet: ` (2)` and so on is added to a taken one. */
function freeName(name: string, world: World): string {
  const taken = new Set(
    [...world.workspaces.values()]
      .filter(({ status }) => status !== 'removed')
      .map((workspace) => workspace.name),
  );
  let free = name;
  for (let suffix = 2; taken.has(free); suffix += 1) free = `${name} (${suffix})`;
  return free;
}
