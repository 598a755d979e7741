import * as z from 'zod';
import { redactSecrets } from '../domain/network/redact.ts';
import { AgentError, type CallContext, type MemoryPort } from '../domain/ports/agent.ts';
import { PlatformError } from '../domain/wire/platform-error.ts';
import { routeOne } from '../domain/workspaces/routing.ts';
import { workspaceOf } from '../outbox/deps.ts';
import { perhapsDone } from '../outbox/fate.ts';
import { explainRefusal, reasonOf } from '../outbox/refusal.ts';
import { storable } from '../outbox/storable.ts';
import type { MemoryDeps } from './deps.ts';

/** Stores a memory (§9), secrets taken out first; a scope that is none means `LOCAL`, as in the reference. */
export async function commitMemory(
  request: Parameters<MemoryPort['commit']>[0],
  call: CallContext,
  { workspaces }: MemoryDeps,
): Promise<{ readonly id: string; readonly scope: string }> {
  const content = redactSecrets(storable(request.content));
  if (content.trim() === '') throw new AgentError('The memory is empty.', 'Say what to remember.');
  const wanted = request.scope.trim().toUpperCase();
  const scope = SCOPES.has(wanted) ? wanted : 'LOCAL';
  const { id, platform } = workspaceOf(workspaces, routeOne(request.sourceWorkspaceId, workspaces));
  try {
    const json = { content, scope, workspace_id: id };
    const { body } = await platform.call(
      { method: 'POST', path: `/workspaces/${id}/memories`, json },
      call.signal,
    );
    const stored = storedSchema.safeParse(body);
    if (!stored.success)
      throw new PlatformError('malformed', 'the platform took the memory without naming it');
    return { id: stored.data.id, scope: stored.data.scope ?? scope };
  } catch (error) {
    throw perhapsDone(error) ? unconfirmed(error) : explainRefusal(error, 'Remembering it');
  }
}

/** No server knows a repeated memory. */
function unconfirmed(error: unknown): AgentError {
  return new AgentError(
    `The platform did not confirm it (${reasonOf(error)}): it may be remembered.`,
    'recall_memory shows whether it is. Commit it again only if it is not.',
    error,
  );
}

const SCOPES: ReadonlySet<string> = new Set(['LOCAL', 'TEAM', 'GLOBAL']);

const storedSchema = z.object({
  id: z.string().min(1),
  scope: z.string().min(1).optional().catch(undefined),
});
