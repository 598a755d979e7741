import * as z from 'zod';
import { body, optionalText, replyTo, stated } from './arguments.ts';
import { poppedNote } from './popped-note.ts';
import { sentences } from './sentences.ts';
import { defineTool } from './tool.ts';
import { waitingField } from './waiting-field.ts';

/** `send_message_to_user`: text and files to the person in the canvas. */
export const sendMessageToUser = defineTool({
  name: 'send_message_to_user',
  title: 'Send a message to the user',
  description:
    "Sends a message, with files if you like, to the user in the web canvas: the way to answer a message of kind canvas_user. With reply_to it goes to the workspace that message came to and takes it out of the inbox once accepted. With several workspaces give reply_to or workspace_id, so that it reaches the right person's canvas.",
  input: z.object({
    message: body('What to say.'),
    attachments: z
      .array(z.string())
      .transform((paths) => paths.filter((path) => path.trim() !== ''))
      .optional()
      .describe('Local paths of files to send along.'),
    workspace_id: optionalText(
      'Which of your own workspaces speaks. Needed with several, unless reply_to is given.',
    ),
    reply_to: replyTo(),
  }),
  output: z.object({
    sent: z.literal(true),
    workspace_id: z.string(),
    attachments: z.number(),
    popped: z.string().nullable().describe('The message that left the inbox by this answer.'),
    note: z.string().optional(),
    waiting: waitingField,
  }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  async call({ message, attachments = [], workspace_id, reply_to }, agent, context) {
    const sent = await agent.outbox.sendToUser(
      {
        message,
        attachments,
        ...stated({ workspaceId: workspace_id, replyTo: reply_to }),
      },
      context,
    );
    const note = sentences(poppedNote(sent.popped, reply_to), sent.note);
    const files = sent.attachments > 0 ? ` with ${sent.attachments} attachment(s)` : '';
    return {
      structured: {
        sent: true as const,
        workspace_id: sent.workspaceId,
        attachments: sent.attachments,
        popped: sent.popped,
        ...stated({ note: note || undefined }),
        waiting: agent.inbox.waiting(),
      },
      text: sentences(`Message sent to user${files}.`, note),
    };
  },
});
