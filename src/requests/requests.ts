import { isUuid } from '../domain/ids.ts';
import { type AgentRequest, isAnswerTo, isOpen, readRequest } from '../domain/inbox/requests.ts';
import {
  AgentError,
  type CallContext,
  type ListedRequest,
  type RequestsPort,
} from '../domain/ports/agent.ts';
import { isRecord } from '../domain/record.ts';
import { routeAll, routeOne } from '../domain/workspaces/routing.ts';
import type { OwnWorkspace } from '../outbox/deps.ts';
import { explainRefusal, explainUnanswered, reasonOf } from '../outbox/refusal.ts';
import { readRemarks } from './remarks.ts';

/** What answering requests needs. */
export interface RequestsDeps {
  readonly workspaces: readonly OwnWorkspace[];
  readonly inbox: {
    /** Where the message of a request waits; null when it does not. */
    find(activityId: string): Promise<{ readonly workspaceId: string } | null>;
    popAnswered(workspaceId: string, activityId: string): Promise<boolean>;
  };
}

/** Makes what the agent answers requests with (§15.10). Refusals are {@link AgentError}s. */
export function createRequests({ workspaces, inbox }: RequestsDeps): RequestsPort {
  function workspaceNamed(id: string): OwnWorkspace {
    const found = workspaces.find((workspace) => workspace.id === id);
    if (!found) throw new Error('routing chose a workspace that is not configured');
    return found;
  }

  return {
    async list({ sourceWorkspaceId }, call) {
      const asked = routeAll(sourceWorkspaceId, workspaces);
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

    async respond({ requestId, answer, words, sourceWorkspaceId }, call) {
      const id = requestId.toLowerCase();
      if (!isUuid(id))
        throw new AgentError(`${JSON.stringify(requestId.slice(0, 80))} is no request's id.`, LIST);
      const waiting = await inbox.find(id);
      const workspace = workspaceNamed(waiting?.workspaceId ?? routeOne(sourceWorkspaceId, workspaces));
      const path = `/workspaces/${workspace.id}/requests/${id}`;
      try {
        const request = await readOne(workspace, path, call);
        refuseUnlessFitting(request, answer, words);
        if (words !== undefined) {
          const json = { body: words, author_type: 'agent' };
          await workspace.platform.call({ method: 'POST', path: `${path}/messages`, json }, call.signal);
        }
        if (answer !== 'ask') {
          const json = { action: answer };
          await workspace.platform.call({ method: 'POST', path: `${path}/respond`, json }, call.signal);
        }
      } catch (error) {
        throw explainRefusal(error, 'Answering the request');
      }
      const popped = waiting !== null && (await inbox.popAnswered(waiting.workspaceId, id));
      return { status: answer === 'ask' ? 'info_requested' : answer, popped: popped ? id : null };
    },
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
  const remarks = await Promise.allSettled(
    asked.map((request) => readRemarks(workspace, request.id, signal)),
  );
  return requests.map((request) => {
    const read = remarks[asked.indexOf(request)];
    return { ...request, workspaceId: id, ...(read?.status === 'fulfilled' ? { remarks: read.value } : {}) };
  });
}

async function readOne({ platform }: OwnWorkspace, path: string, { signal }: CallContext) {
  const { body } = await platform.call({ method: 'GET', path }, signal);
  return isRecord(body) ? readRequest(body.request) : null;
}

/** Said here rather than by the server, whose refusal would come after the words were written. */
function refuseUnlessFitting(request: AgentRequest | null, answer: string, words: string | undefined): void {
  if (answer === 'ask' && words === undefined) {
    throw new AgentError('Nothing is asked.', 'Pass message with what you have to know first.');
  }
  if (request === null) return;
  if (!isOpen(request)) {
    throw new AgentError(
      `Request ${request.id} is already resolved (${request.status}).`,
      'Nothing is left to do.',
    );
  }
  if (!isAnswerTo(request, answer)) {
    const good = request.kind === 'approval' ? 'approved' : 'done';
    throw new AgentError(
      `Request ${request.id} is of kind ${request.kind}, to which ${answer} is no answer.`,
      `Answer ${good} or rejected, or ask.`,
    );
  }
}

/** Of how many requests the words are read in one call. */
const MAX_ASKED = 20;
const LIST = 'list_requests shows those that are open.';
