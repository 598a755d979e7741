import * as z from 'zod';
import type { DelegationReply } from '../../../src/domain/ports/agent.ts';
import { frameText } from '../../../src/domain/rendering/frame-text.ts';
import { body, replyTo, sourceWorkspaceId, stated, text } from './arguments.ts';
import { poppedNote } from './popped-note.ts';
import { sentences } from './sentences.ts';
import { defineTool } from './tool.ts';
import { unheardNote } from './unheard-note.ts';
import { waitingField } from './waiting-field.ts';

/** `delegate_task`: a message to a peer agent, with its answer where it answers at once. */
export const delegateTask = defineTool({
  name: 'delegate_task',
  title: 'Send a task to another agent',
  description:
    'Sends a task, a question or an answer to another agent and waits a little for its reply: the way to answer a message of kind peer_agent (workspace_id = its peer_id). status "answered" carries the reply; "accepted" and "waiting" mean that it is on its way and that the reply, or why there is none, will arrive as a message: do not send it again. Where a delegation_id comes with it, check_task_status tells how it stands.',
  input: z.object({
    workspace_id: text('Workspace id of the agent to send to.'),
    task: body('What to say or ask.'),
    source_workspace_id: sourceWorkspaceId(),
    reply_to: replyTo(),
  }),
  output: z.object({
    status: z.enum(['answered', 'accepted', 'waiting']),
    text: z.string().describe('The reply when answered, else what happens next.'),
    source_workspace_id: z.string(),
    popped: z.string().nullable().describe('The message that left the inbox by this answer.'),
    delegation_id: z
      .string()
      .optional()
      .describe('A late answer comes under this id; also the task_id of check_task_status.'),
    note: z
      .string()
      .optional()
      .describe('What else there is to know, of the message that it answers for instance.'),
    waiting: waitingField,
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  async call({ workspace_id, task, source_workspace_id, reply_to }, agent, context) {
    const waitSecs = context.progress
      ? context.limits.maxWaitWithProgressSecs
      : context.limits.maxDelegateSecs;
    const reply = await agent.outbox.delegate(
      {
        workspaceId: workspace_id,
        task,
        waitMs: waitSecs * 1000,
        ...stated({ sourceWorkspaceId: source_workspace_id, replyTo: reply_to }),
      },
      context,
    );
    const said = reply.status === 'answered' ? reply.text : reply.text || NEXT[reply.status];
    const unheard = reply.status === 'answered' ? '' : unheardNote(agent);
    const note = sentences(unheard, whatBecomesOf(reply, reply_to));
    return {
      structured: {
        status: reply.status,
        text: said,
        source_workspace_id: reply.sourceWorkspaceId,
        popped: reply.popped,
        ...stated({ delegation_id: reply.delegationId, note: note || undefined }),
        waiting: agent.inbox.waiting(),
      },
      ...(reply.status === 'answered'
        ? { text: frameText(said), note }
        : { text: sentences(said, followUp(reply), note) }),
    };
  },
});

function followUp({ delegationId }: DelegationReply): string {
  if (delegationId === undefined) return '';
  return `It comes with delegation_id ${delegationId}, and check_task_status(task_id="${delegationId}") tells how it stands.`;
}

const NEXT = {
  accepted: 'Accepted: the agent fetches its messages by itself; its answer will arrive as a message.',
  waiting: 'Sent, still waiting: the answer will arrive as a message.',
};

/** While nothing was accepted, whoever popped the message would lose the question should the peer refuse. */
function whatBecomesOf({ status, popped }: DelegationReply, replyTo: string | undefined): string {
  if (status !== 'waiting' || replyTo === undefined) return poppedNote(popped, replyTo);
  return `Message ${replyTo} leaves the inbox by itself once the answer is accepted: do not pop it.`;
}
