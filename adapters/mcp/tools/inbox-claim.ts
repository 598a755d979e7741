import * as z from 'zod';
import { text } from './arguments.ts';
import { requireInbox } from './require-inbox.ts';
import { defineTool } from './tool.ts';
import { waitingField } from './waiting-field.ts';

/** `inbox_claim`: lets this window, and no other, be the one that delivers a workspace. */
export const inboxClaim = defineTool({
  name: 'inbox_claim',
  title: 'Deliver a workspace here',
  description:
    'Moves the delivery of a workspace to this window when another window of yours delivers it (inbox_status says which). Reading and answering work in every window without it; only pushes move.',
  input: z.object({ workspace_id: text('Which of your own workspaces.') }),
  output: z.object({ claimed: z.boolean(), note: z.string(), waiting: waitingField }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async call({ workspace_id }, agent) {
    const { claimed, note } = await requireInbox(agent).claim(workspace_id);
    return { structured: { claimed, note, waiting: agent.inbox.waiting() }, text: note };
  },
});
