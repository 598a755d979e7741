import * as z from 'zod';
import type { CallContext, MemoryPort } from '../domain/ports/agent.ts';
import { PlatformError } from '../domain/wire/platform-error.ts';
import { routeOne } from '../domain/workspaces/routing.ts';
import { type OwnWorkspace, workspaceOf } from '../outbox/deps.ts';
import { explainUnanswered } from '../outbox/refusal.ts';
import type { MemoryDeps } from './deps.ts';

/** A memory as the agent sees it. */
export interface Memory {
  readonly scope: string;
  readonly content: string;
}

/**
 * What was remembered, at most 50 (§9). A newer platform is asked by its second interface, since its first ignores what
 * one looks for (§15.9); where that is missing or speaks another language, the first. An error is an error (W-64).
 */
export async function recallMemory(
  request: Parameters<MemoryPort['recall']>[0],
  call: CallContext,
  { workspaces }: MemoryDeps,
): Promise<readonly Memory[]> {
  const workspace = workspaceOf(workspaces, routeOne(request.sourceWorkspaceId, workspaces));
  const query = request.query.trim();
  const scope = request.scope.trim().toUpperCase();
  try {
    const second = await recallSecond(workspace, query, scope, call.signal);
    if (second !== 'unknown') return second;
    return await recallFirst(workspace, query, scope, call.signal);
  } catch (error) {
    throw explainUnanswered(error, 'Recalling memories');
  }
}

async function recallSecond(
  { id, platform }: OwnWorkspace,
  query: string,
  scope: string,
  signal: AbortSignal,
): Promise<readonly Memory[] | 'unknown'> {
  const path = `/workspaces/${id}/v2/memories`;
  try {
    const { body } = await platform.call(
      { method: 'GET', path, query: { limit: '50', ...given('q', query) } },
      signal,
    );
    const found = secondSchema.safeParse(body);
    if (!found.success) return 'unknown';
    const memories = found.data.memories.map(({ namespace, content }) => ({
      scope: scopeOf(namespace),
      content,
    }));
    return memories.filter((memory) => scope === '' || memory.scope === scope);
  } catch (error) {
    if (error instanceof PlatformError && NOT_THERE.has(error.kind)) return 'unknown';
    throw error;
  }
}

async function recallFirst(
  { id, platform }: OwnWorkspace,
  query: string,
  scope: string,
  signal: AbortSignal,
): Promise<readonly Memory[]> {
  const path = `/workspaces/${id}/memories`;
  const { body } = await platform.call(
    { method: 'GET', path, query: { ...given('q', query), ...given('scope', scope) } },
    signal,
  );
  const found = firstSchema.safeParse(body);
  if (!found.success) throw new PlatformError('malformed', 'the memories are no list');
  return found.data.filter((memory) => scope === '' || memory.scope === scope);
}

/** Namespaces of the second interface are `workspace:<id>`, `team:<root>`, `org:<root>`; another one speaks for itself. */
function scopeOf(namespace: string): string {
  const [kind = ''] = namespace.split(':');
  return SCOPE_OF[kind.toLowerCase()] ?? namespace;
}

function given(name: string, value: string): Readonly<Record<string, string>> {
  return value === '' ? {} : { [name]: value };
}

const SCOPE_OF: Readonly<Record<string, string>> = { workspace: 'LOCAL', team: 'TEAM', org: 'GLOBAL' };

const NOT_THERE: ReadonlySet<string> = new Set(['no-such-route', 'not-found', 'refused']);

const secondSchema = z.object({
  memories: z.array(z.object({ namespace: z.string().catch(''), content: z.string() })),
});

const firstSchema = z.array(z.object({ scope: z.string().catch(''), content: z.string() }));
