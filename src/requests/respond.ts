import { isUuid } from '../domain/ids.ts';
import { type AgentRequest, isAnswerTo, isOpen } from '../domain/inbox/requests.ts';
import {
  AgentError,
  type CallContext,
  type RespondedRequest,
  type RespondToRequest,
} from '../domain/ports/agent.ts';
import { routeOne } from '../domain/workspaces/routing.ts';
import { type OwnWorkspace, workspaceOf } from '../outbox/deps.ts';
import { perhapsDone } from '../outbox/fate.ts';
import { explainRefusal, explainUnanswered, reasonOf } from '../outbox/refusal.ts';
import { storable } from '../outbox/storable.ts';
import type { RequestsDeps } from './deps.ts';
import { pathOf, readStanding, type Standing } from './standing.ts';

/**
 * Answers a request (§15.10), words first, so that a repeat is safe though the platform knows none: it looks before it
 * writes and after a lost reply. Words that are the last thing said about the request are there already, and an answer
 * that stands was given. Only where a look does not tell whether something arrived is that said, and left to a repeat.
 */
export async function respond(
  { requestId, answer, words, sourceWorkspaceId }: RespondToRequest,
  call: CallContext,
  { workspaces, inbox }: RequestsDeps,
): Promise<RespondedRequest> {
  const id = requestId.toLowerCase();
  if (!isUuid(id))
    throw new AgentError(`${JSON.stringify(requestId.slice(0, 80))} is no request's id.`, LIST);
  if (answer === 'ask' && words === undefined)
    throw new AgentError('Nothing is asked.', 'Pass message with what you have to know first.');
  const waiting = await inbox.find(id);
  const workspace = workspaceOf(workspaces, waiting?.workspaceId ?? routeOne(sourceWorkspaceId, workspaces));
  const write = createWriter(workspace, id, call.signal);
  const { request, remarks } = await readStanding(workspace, id, call.signal).catch((error: unknown) => {
    throw explainUnanswered(error, 'Looking at the request');
  });
  let repeated = true;
  try {
    if (request !== null && !isOpen(request)) refuseUnlessGiven(request, answer);
    else {
      if (request !== null) refuseUnlessFitting(request, answer);
      if (words !== undefined && !isLastSaid(storable(words), remarks)) {
        repeated = false;
        await write('messages', { body: storable(words), author_type: 'agent' }, ({ remarks: now }) =>
          isLastSaid(storable(words), now),
        );
      }
      if (answer !== 'ask') {
        repeated = false;
        await write('respond', { action: answer }, ({ request: now }) => now?.status === answer);
      }
    }
  } catch (error) {
    throw explainRefusal(error, 'Answering the request');
  }
  const popped = waiting !== null && (await inbox.popAnswered(waiting.workspaceId, id));
  return { status: answer === 'ask' ? 'info_requested' : answer, popped: popped ? id : null, repeated };
}

/** Writes to a request; a lost reply is made up for by a look at what `arrived`. */
function createWriter(workspace: OwnWorkspace, requestId: string, signal: AbortSignal) {
  return async (what: string, json: object, arrived: (standing: Standing) => boolean): Promise<void> => {
    const path = `${pathOf(workspace, requestId)}/${what}`;
    try {
      await workspace.platform.call({ method: 'POST', path, json }, signal);
    } catch (error) {
      if (!perhapsDone(error)) throw error;
      const now = await readStanding(workspace, requestId, signal).catch(() => null);
      if (now === null || !arrived(now)) throw unconfirmed(error);
    }
  };
}

function isLastSaid(words: string, remarks: Standing['remarks']): boolean {
  const last = remarks.at(-1);
  return last?.own === true && last.text === words;
}

function refuseUnlessGiven(request: AgentRequest, answer: string): void {
  if (request.status === answer) return;
  throw new AgentError(
    `Request ${request.id} is already resolved (${request.status}).`,
    'Nothing is left to do: if its message still waits, inbox_pop takes it out of the inbox.',
  );
}

/** Said here rather than by the server, whose refusal would come after the words were written. */
function refuseUnlessFitting(request: AgentRequest, answer: string): void {
  if (isAnswerTo(request, answer)) return;
  const good = request.kind === 'approval' ? 'approved' : 'done';
  throw new AgentError(
    `Request ${request.id} is of kind ${request.kind}, to which ${answer} is no answer.`,
    `Answer ${good} or rejected, or ask.`,
  );
}

function unconfirmed(error: unknown): AgentError {
  return new AgentError(
    `No reply came back (${reasonOf(error)}): the answer to the request may have arrived.`,
    'Call respond_to_request again with the very same arguments: it looks first, and writes nothing twice.',
    error,
  );
}

const LIST = 'list_requests shows those that are open.';
