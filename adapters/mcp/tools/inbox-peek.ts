import * as z from 'zod';
import { renderForReading } from '../../../src/domain/rendering/render.ts';
import { lenientNumber, optionalText, stated } from './arguments.ts';
import { messageSchema } from './message-schema.ts';
import { requireInbox } from './require-inbox.ts';
import { defineTool } from './tool.ts';

const DEFAULT_LIMIT = 10;

/** `inbox_peek`: a page of what waits, oldest first. */
export const inboxPeek = defineTool({
  name: 'inbox_peek',
  title: 'List waiting messages',
  description:
    'Lists the messages that wait, oldest first, without removing any. Returns {messages, total, has_more}; ask for the next page with offset. Fewer than limit may come when they are large.',
  input: z.object({
    limit: lenientNumber('integer', `How many to list; ${DEFAULT_LIMIT} if left out or not positive.`),
    offset: lenientNumber('integer', 'How many to skip from the oldest on; 0 if left out.'),
    workspace_id: optionalText('Only messages that came to this workspace of yours.'),
  }),
  output: z.object({ messages: z.array(messageSchema), total: z.number(), has_more: z.boolean() }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async call({ limit, offset, workspace_id }, agent, { limits }) {
    const skipped = wholeNumber(offset) ?? 0;
    const { messages, total, has_more } = await requireInbox(agent).peek({
      limit: wholeNumber(limit) ?? DEFAULT_LIMIT,
      offset: skipped,
      maxBytes: limits.maxResultBytes,
      ...stated({ workspaceId: workspace_id }),
    });
    return {
      structured: { messages: [...messages], total, has_more },
      text: [summary(messages.length, total, skipped, has_more), ...messages.map(renderForReading)].join(
        '\n\n',
      ),
    };
  },
});

function summary(shown: number, total: number, skipped: number, hasMore: boolean): string {
  if (total === 0) return 'The inbox is empty.';
  if (shown === 0) return `${total} waiting in all, none from offset ${skipped} on.`;
  const rest = hasMore ? `; the next page starts at offset ${skipped + shown}` : '';
  return `Messages ${skipped + 1} to ${skipped + shown} of ${total}, oldest first${rest}.`;
}

/** A whole number above zero, else undefined: `limit ≤ 0` means the default (C1-24). */
function wholeNumber(value: number | undefined): number | undefined {
  return value !== undefined && Number.isSafeInteger(Math.trunc(value)) && value >= 1
    ? Math.trunc(value)
    : undefined;
}
