import type { CallContext, CheckTask } from '../domain/ports/agent.ts';
import { toMicros } from '../domain/time.ts';
import { routeAll } from '../domain/workspaces/routing.ts';
import { type Delegation, readDelegations } from './delegations.ts';
import type { OutboxDeps, OwnWorkspace } from './deps.ts';
import { wholeResult } from './follow-delegation.ts';
import type { OpenTasks } from './open-tasks.ts';
import { explainUnanswered, reasonOf } from './refusal.ts';

/**
 * How a task stands: by its id alone (W-65), over every configured workspace unless one is named; without an id the
 * latest ones. A result that the platform shows the beginning of is looked up whole (W-61). Workspaces that could not be
 * asked are named in `failures`; only when none could, it rejects.
 */
export async function checkTask(
  { taskId = '', sourceWorkspaceId }: CheckTask,
  call: CallContext,
  deps: Pick<OutboxDeps, 'workspaces'>,
  openTasks: OpenTasks,
): Promise<Readonly<Record<string, unknown>>> {
  const wanted = taskId.trim();
  const given = openTasks.find(wanted);
  if (given) return describeGiven(given);

  const asked = routeAll(sourceWorkspaceId, deps.workspaces);
  const answers = await Promise.allSettled(asked.map((workspace) => listDelegations(workspace, call.signal)));
  const listed = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  const refused = answers.flatMap((answer, index) =>
    answer.status === 'rejected' ? [{ workspace_id: asked[index]?.id, error: answer.reason as unknown }] : [],
  );
  if (refused.length === asked.length) throw explainUnanswered(refused[0]?.error, 'Asking for delegations');
  const failures = refused.map(({ workspace_id, error }) => ({ workspace_id, reason: reasonOf(error) }));
  const rest = failures.length === 0 ? {} : { failures };

  if (wanted === '') {
    const newest = listed
      .toSorted((one, other) => startedMicros(other) - startedMicros(one))
      .slice(0, MOST_LISTED)
      .map(({ workspace, delegation }) => show(workspace, delegation, asked));
    return { delegations: newest, count: listed.length, ...rest };
  }
  const found = listed.find(({ delegation }) => delegation.delegation_id === wanted);
  if (found) return { ...show(found.workspace, await whole(found, call.signal), asked), ...rest };
  return { status: 'not_found', delegation_id: wanted, note: NOT_FOUND, ...rest };
}

interface Listed {
  readonly workspace: OwnWorkspace;
  readonly delegation: Delegation;
}

async function listDelegations(workspace: OwnWorkspace, signal: AbortSignal): Promise<readonly Listed[]> {
  const path = `/workspaces/${workspace.id}/delegations`;
  const { body } = await workspace.platform.call({ method: 'GET', path }, signal);
  return readDelegations(body).map((delegation) => ({ workspace, delegation }));
}

function startedMicros({ delegation }: Listed): number {
  return toMicros(delegation.created_at) ?? 0;
}

/** The delegation with its whole answer, where the platform still has the row that holds it. */
async function whole({ workspace, delegation }: Listed, signal: AbortSignal): Promise<Delegation> {
  try {
    const result = await wholeResult(workspace, delegation, signal);
    const { result_truncated: _cut, ...others } = delegation;
    return result === (delegation.result ?? '') ? delegation : { ...others, result };
  } catch {
    return delegation;
  }
}

function show(workspace: OwnWorkspace, delegation: Delegation, asked: readonly OwnWorkspace[]) {
  const note = NOTES[delegation.status];
  return {
    ...delegation,
    ...(asked.length > 1 ? { source_workspace_id: workspace.id } : {}),
    ...(note === undefined ? {} : { note }),
  };
}

function describeGiven(task: NonNullable<ReturnType<OpenTasks['find']>>): Readonly<Record<string, unknown>> {
  return {
    delegation_id: task.delegationId,
    status: task.status,
    target_id: task.peerId,
    source_workspace_id: task.sourceWorkspaceId,
    ...(task.reason === '' ? {} : { error: task.reason }),
    ...(NOTES[task.status] === undefined ? {} : { note: NOTES[task.status] }),
  };
}

const NOTES: Readonly<Record<string, string>> = {
  accepted: 'The peer fetches its messages by itself: its answer arrives as a message in the inbox.',
  waiting: 'The peer has not answered yet: its answer will arrive as a message in the inbox.',
  queued: 'The peer is busy: its answer will arrive as a message in the inbox.',
  answered: 'The answer was given, or lies in the inbox as a message with this delegation_id.',
};

const NOT_FOUND = 'The platform lists the newest 50 only, and keeps a delegation for 7 days.';

const MOST_LISTED = 10;
