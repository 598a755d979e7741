import * as z from 'zod';
import { frameLine } from '../../../src/domain/rendering/frame-text.ts';
import { text } from './arguments.ts';
import { requireInbox } from './require-inbox.ts';
import { defineTool } from './tool.ts';
import { waitingField } from './waiting-field.ts';

/** `inbox_pop`: forgets a message that was dealt with. */
export const inboxPop = defineTool({
  name: 'inbox_pop',
  title: 'Remove a message from the inbox',
  description:
    'Removes one message from the inbox for good. Call it when you have dealt with the message: after your answer was accepted, or when it needs none. A message that is not popped stays and comes again.',
  input: z.object({ activity_id: text('The activity_id of the message.') }),
  output: z.object({ removed: z.boolean(), activity_id: z.string(), waiting: waitingField }),
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  async call({ activity_id }, agent) {
    const { removed } = await requireInbox(agent).pop(activity_id);
    return {
      structured: { removed, activity_id, waiting: agent.inbox.waiting() },
      text: removed
        ? `Removed ${activity_id}.`
        : `No message ${frameLine(activity_id, 100)} waits: it was removed before, or the id is wrong. inbox_peek lists what waits.`,
    };
  },
});
