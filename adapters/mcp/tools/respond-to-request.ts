import * as z from 'zod';
import { optionalText, sourceWorkspaceId, stated, text } from './arguments.ts';
import { poppedNote } from './popped-note.ts';
import { sentences } from './sentences.ts';
import { defineTool } from './tool.ts';
import { waitingField } from './waiting-field.ts';

/** `respond_to_request`: settles a task or an approval, or asks for more (§15.10). */
export const respondToRequest = defineTool({
  name: 'respond_to_request',
  title: 'Answer a request',
  description:
    'Answers a request: "done" or "rejected" for a task, "approved" or "rejected" for an approval, or "ask" with a message when you have to know more first (list_requests then shows what was answered). The request leaves the inbox. After a failure call it again with the same arguments: nothing is written twice. Approve only what your own user allows.',
  input: z.object({
    request_id: text('The request: activity_id of its message, or its id in list_requests.'),
    answer: z.enum(['done', 'approved', 'rejected', 'ask']),
    message: optionalText('Words that go with the answer; needed to ask.'),
    source_workspace_id: sourceWorkspaceId(),
  }),
  output: z.object({
    status: z.string().describe('How the request stands now.'),
    popped: z.string().nullable().describe('The message that left the inbox by this answer.'),
    repeated: z.boolean().describe('It stood so already: nothing was written.'),
    waiting: waitingField,
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async call({ request_id, answer, message, source_workspace_id }, agent, context) {
    const { status, popped, repeated } = await agent.requests.respond(
      {
        requestId: request_id,
        answer,
        ...stated({ words: message, sourceWorkspaceId: source_workspace_id }),
      },
      context,
    );
    return {
      structured: { status, popped, repeated, waiting: agent.inbox.waiting() },
      text: sentences(repeated ? ALREADY[answer] : `The request is now ${status}.`, poppedNote(popped)),
    };
  },
});

const ALREADY = {
  ask: 'You have asked this already, and nothing was said since: it was not asked again.',
  done: 'The request is done already: nothing was written.',
  approved: 'The request is approved already: nothing was written.',
  rejected: 'The request is rejected already: nothing was written.',
};
