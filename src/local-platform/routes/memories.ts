import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { json, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import { parseLimit } from '../rules/feed-query.ts';
import { decodeBody, goText } from '../rules/go-json.ts';
import { redactSecrets } from '../rules/redact-secrets.ts';
import { formatMicros } from '../rules/timestamps.ts';
import type { Memory } from '../world/memories.ts';
import type { World } from '../world/world.ts';

/** What agents remember (§9). */
export const memoryRoutes: readonly Route[] = [
  { at: 'POST /workspaces/:id/memories', guard: 'workspace', handle: commit },
  { at: 'GET /workspaces/:id/memories', guard: 'workspace', handle: recall },
  { at: 'PATCH /workspaces/:id/memories/:memoryId', guard: 'workspace', only: 'may', handle: change },
  { at: 'DELETE /workspaces/:id/memories/:memoryId', guard: 'workspace', only: 'may', handle: forget },
  { at: 'GET /workspaces/:id/v2/namespaces', guard: 'workspace', only: 'head', handle: noPlugin },
  { at: 'GET /workspaces/:id/v2/memories', guard: 'workspace', only: 'head', handle: noPlugin },
  { at: 'DELETE /workspaces/:id/v2/memories/:memoryId', guard: 'workspace', only: 'head', handle: noPlugin },
];

const scopes = ['LOCAL', 'TEAM', 'GLOBAL'];
const maxNamespaceBytes = 50;
const maxRecalled = 50;

const draft = z.object({ content: goText, scope: goText, namespace: goText });

async function commit(call: Call, world: World) {
  const workspaceId = call.params.id ?? '';
  const body = decodeBody(draft, (await call.readBody()).text);
  if (body === undefined || body.content === '' || body.scope === '') refuse(400, 'invalid request body');
  checkScope(body.scope);
  checkNamespace(body.namespace);
  if (body.scope === 'GLOBAL' && world.workspaces.get(workspaceId)?.parentId !== null) {
    refuse(403, 'only root workspaces can write GLOBAL memories');
  }
  needStore(world);
  const memory: Memory = {
    id: randomUUID(),
    workspaceId,
    content: redactSecrets(body.content),
    scope: body.scope,
    namespace: body.namespace || 'general',
    createdAtMicros: world.clock.nowMicros(),
  };
  world.memories.set(memory.id, memory);
  return json(201, { id: memory.id, scope: memory.scope, namespace: memory.namespace });
}

/** Without a scope only the workspace's own; searching compares words, which stands in for full-text search. */
function recall(call: Call, world: World) {
  needStore(world);
  const workspaceId = call.params.id ?? '';
  const scope = call.query.get('scope') ?? '';
  if (scope !== '') checkScope(scope);
  const namespace = call.query.get('namespace') ?? '';
  const words = (call.query.get('q') ?? '').toLowerCase().split(/\s+/);
  const found = [...world.memories.values()].filter(
    (memory) =>
      isVisible(memory, workspaceId, scope, world) &&
      (namespace === '' || memory.namespace === namespace) &&
      words.every((word) => memory.content.toLowerCase().includes(word)),
  );
  const limit = parseLimit(call.query.get('limit'), maxRecalled, maxRecalled);
  return json(200, found.reverse().slice(0, limit).map(show));
}

function isVisible(memory: Memory, workspaceId: string, scope: string, world: World): boolean {
  if (scope === '') return memory.workspaceId === workspaceId;
  if (memory.scope !== scope) return false;
  if (scope === 'GLOBAL' || memory.workspaceId === workspaceId) return true;
  return scope === 'TEAM' && world.mayTalk(workspaceId, memory.workspaceId);
}

function show(memory: Memory) {
  const { id, workspaceId, scope, namespace } = memory;
  const origin = `[MEMORY id=${id} scope=GLOBAL from=${workspaceId}]: `;
  return {
    id,
    workspace_id: workspaceId,
    content: scope === 'GLOBAL' ? origin + memory.content : memory.content,
    scope,
    namespace,
    created_at: formatMicros(memory.createdAtMicros),
  };
}

const patch = z.object({ content: z.string().nullish(), namespace: z.string().nullish() });

async function change(call: Call, world: World) {
  const body = decodeBody(patch, (await call.readBody()).text);
  if (body === undefined) refuse(400, 'invalid request body');
  const memory = existing(call, world);
  if (body.namespace != null) checkNamespace(body.namespace);
  const content = body.content == null ? memory.content : redactSecrets(body.content);
  const namespace = body.namespace ?? memory.namespace;
  const changed = content !== memory.content || namespace !== memory.namespace;
  world.memories.set(memory.id, { ...memory, content, namespace });
  return json(200, { id: memory.id, scope: memory.scope, namespace, changed });
}

function forget(call: Call, world: World) {
  world.memories.delete(existing(call, world).id);
  return json(200, { status: 'deleted' });
}

function existing(call: Call, world: World): Memory {
  const memory = world.memories.get(call.params.memoryId ?? '');
  if (memory === undefined || memory.workspaceId !== call.params.id) refuse(404, 'memory not found');
  return memory;
}

/** At HEAD memories live in a plug-in, which this platform does not have (§15.9). */
function needStore(world: World): void {
  if (world.isHead()) refuse(503, 'memory plugin is not configured (set MEMORY_PLUGIN_URL)');
}

function noPlugin(_: Call, world: World): never {
  needStore(world);
  return refuse(404, 'memory not found');
}

function checkScope(scope: string): void {
  if (!scopes.includes(scope)) refuse(400, 'scope must be LOCAL, TEAM, or GLOBAL');
}

function checkNamespace(namespace: string): void {
  if (Buffer.byteLength(namespace) > maxNamespaceBytes) refuse(400, 'namespace must be <= 50 characters');
}
