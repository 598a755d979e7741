import { isOpen, readRequest } from '../domain/inbox/requests.ts';
import type { CallContext, ListedRequest, RequestsPort } from '../domain/ports/agent.ts';
import { routeAll } from '../domain/workspaces/routing.ts';
import type { OwnWorkspace } from '../outbox/deps.ts';
import { explainUnanswered, reasonOf } from '../outbox/refusal.ts';
import type { RequestsDeps } from './deps.ts';
import { respond } from './respond.ts';
import { readStanding } from './standing.ts';

/** Makes what the agent answers requests with (§15.10). Refusals are `AgentError`s. */
export function createRequests(deps: RequestsDeps): RequestsPort {
  return {
    async list({ sourceWorkspaceId }, call) {
      const asked = routeAll(sourceWorkspaceId, deps.workspaces);
      const lists = await Promise.allSettled(asked.map((workspace) => openAt(workspace, call)));
      call.signal.throwIfAborted();
      const requests = lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : []));
      const failures = lists.flatMap((list, index) =>
        list.status === 'rejected'
          ? [{ workspaceId: asked[index]?.id ?? '', reason: reasonOf(list.reason) }]
          : [],
      );
      const [first] = lists;
      if (lists.length === 1 && first?.status === 'rejected')
        throw explainUnanswered(first.reason, 'Listing requests');
      return { requests, failures };
    },

    respond: (request, call) => respond(request, call, deps),
  };
}

async function openAt(workspace: OwnWorkspace, { signal }: CallContext): Promise<ListedRequest[]> {
  const { id, platform } = workspace;
  const { body } = await platform.call({ method: 'GET', path: `/workspaces/${id}/requests/inbox` }, signal);
  const requests = (Array.isArray(body) ? body.map(readRequest) : [])
    .filter((request) => request !== null)
    .filter(isOpen);
  // Nothing but the request itself tells what was answered to a question of ours.
  const asked = requests.filter(({ status }) => status === 'info_requested').slice(0, MAX_ASKED);
  const looks = await Promise.allSettled(asked.map((request) => readStanding(workspace, request.id, signal)));
  return requests.map((request) => {
    const look = looks[asked.indexOf(request)];
    return {
      ...request,
      workspaceId: id,
      ...(look?.status === 'fulfilled' ? { remarks: look.value.remarks } : {}),
    };
  });
}

/** Of how many requests the words are read in one call. */
const MAX_ASKED = 20;
