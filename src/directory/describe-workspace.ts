import type { CallContext } from '../domain/ports/agent.ts';
import { isRecord } from '../domain/record.ts';
import { PlatformError } from '../domain/wire/platform-error.ts';
import { routeAll } from '../domain/workspaces/routing.ts';
import type { OwnWorkspace } from '../outbox/deps.ts';
import { explainUnanswered, reasonOf } from '../outbox/refusal.ts';
import type { DirectoryDeps } from './deps.ts';

/**
 * What the platform knows of an own workspace (§10.4); of each, under `workspaces`, when there are several and none is
 * named. A removed one is a finding, not a failure; everything else that goes wrong is told as what it is (W-63).
 */
export async function describeWorkspace(
  sourceWorkspaceId: string | undefined,
  call: CallContext,
  { workspaces }: DirectoryDeps,
): Promise<Readonly<Record<string, unknown>>> {
  const asked = routeAll(sourceWorkspaceId, workspaces);
  const [only, ...others] = asked;
  if (only && others.length === 0) {
    try {
      return await describeOne(only, call.signal);
    } catch (error) {
      throw explainUnanswered(error, 'Describing the workspace');
    }
  }
  const described = await Promise.all(
    asked.map(async (workspace) => {
      try {
        return await describeOne(workspace, call.signal);
      } catch (error) {
        return { id: workspace.id, error: reasonOf(error) };
      }
    }),
  );
  call.signal.throwIfAborted();
  return { workspaces: described };
}

async function describeOne(
  { id, platform }: OwnWorkspace,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await platform.describe(signal)).raw;
  } catch (error) {
    if (!(error instanceof PlatformError) || error.kind !== 'removed') throw error;
    const told = isRecord(error.body) ? error.body : {};
    return { id, removed_at: null, hint: REMOVED_HINT, ...told, error: 'removed' };
  }
}

const REMOVED_HINT =
  'The workspace was removed on the platform. Nothing arrives or leaves through it any more.';
