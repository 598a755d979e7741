import * as z from 'zod';
import { frameLine } from '../../../src/domain/rendering/frame-text.ts';
import { body, replyTo, sourceWorkspaceId, stated, text } from './arguments.ts';
import { poppedNote } from './popped-note.ts';
import { sentences } from './sentences.ts';
import { defineTool } from './tool.ts';
import { unheardNote } from './unheard-note.ts';
import { waitingField } from './waiting-field.ts';

/** `delegate_task_async`: a task to a peer, whose answer comes as a message. */
export const delegateTaskAsync = defineTool({
  name: 'delegate_task_async',
  title: 'Send a task without waiting',
  description:
    'Hands a task to another agent and returns at once with a delegation_id. The result arrives as a message, of kind delegation_result with that id or from the agent itself; check_task_status tells how it stands. The same task to the same agent counts as one, so a repeat is safe; again: true runs it anew.',
  input: z.object({
    workspace_id: text('Workspace id of the agent to send to.'),
    task: body('What is to be done.'),
    again: z.boolean().optional().describe('Run it anew although the same task was handed over before.'),
    source_workspace_id: sourceWorkspaceId(),
    reply_to: replyTo(),
  }),
  output: z.object({
    delegation_id: z.string(),
    workspace_id: z.string().describe('The agent it was given to.'),
    status: z.string(),
    note: z.string(),
    repeated: z.boolean().describe('The platform had this very task already.'),
    source_workspace_id: z.string(),
    popped: z.string().nullable().describe('The message that left the inbox by this answer.'),
    waiting: waitingField,
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async call({ workspace_id, task, again, source_workspace_id, reply_to }, agent, context) {
    const sent = await agent.outbox.delegateAsync(
      {
        workspaceId: workspace_id,
        task,
        ...stated({ again, sourceWorkspaceId: source_workspace_id, replyTo: reply_to }),
      },
      context,
    );
    const next = sent.repeated
      ? 'The platform had this very task already: nothing new was started (again: true would). The result arrives, or has arrived, as a message; check_task_status tells how it stands.'
      : 'The result will arrive as a message: of kind delegation_result, or of peer_agent from an agent that fetches its messages itself. check_task_status tells how it stands.';
    const note = sentences(next, unheardNote(agent), poppedNote(sent.popped, reply_to));
    return {
      structured: {
        delegation_id: sent.delegationId,
        workspace_id,
        status: sent.status,
        note,
        repeated: sent.repeated,
        source_workspace_id: sent.sourceWorkspaceId,
        popped: sent.popped,
        waiting: agent.inbox.waiting(),
      },
      text: `Delegation ${frameLine(sent.delegationId, 100)} to ${workspace_id}: ${frameLine(sent.status, 100)}. ${note}`,
    };
  },
});
