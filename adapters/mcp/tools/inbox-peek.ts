import * as z from 'zod';
import { renderForReading } from '../../../src/domain/rendering/render.ts';
import { routeAll } from '../../../src/domain/workspaces/routing.ts';
import { lenientNumber, optionalText, stated } from './arguments.ts';
import { failureLines, failuresSchema } from './failures.ts';
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
  output: z.object({
    messages: z.array(messageSchema),
    total: z.number(),
    has_more: z.boolean(),
    failures: failuresSchema.optional().describe('Workspaces whose messages are missing here.'),
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  async call({ limit, offset, workspace_id }, agent, { limits }) {
    const inbox = requireInbox(agent);
    const skipped = wholeNumber(offset) ?? 0;
    const [scope] =
      workspace_id === undefined ? [] : routeAll(workspace_id, agent.workspaces, 'workspace_id');
    const {
      messages,
      total,
      has_more,
      failures = [],
    } = await inbox.peek({
      limit: wholeNumber(limit) ?? DEFAULT_LIMIT,
      offset: skipped,
      maxBytes: limits.maxResultBytes,
      ...stated({ workspaceId: scope?.id }),
    });
    const first = summary({
      shown: messages.length,
      total,
      skipped,
      hasMore: has_more,
      scope: scope?.id,
      whole: failures.length === 0,
    });
    return {
      structured: {
        messages: [...messages],
        total,
        has_more,
        ...(failures.length === 0 ? {} : { failures }),
      },
      text: [[first, ...failureLines(failures)].join('\n'), ...messages.map(renderForReading)].join('\n\n'),
    };
  },
});

function summary(page: {
  readonly shown: number;
  readonly total: number;
  readonly skipped: number;
  readonly hasMore: boolean;
  readonly scope: string | undefined;
  readonly whole: boolean;
}): string {
  const { shown, total, skipped, hasMore, scope, whole } = page;
  if (total === 0 && !whole) return 'Nothing waits where it could be asked.';
  if (total === 0)
    return scope === undefined ? 'The inbox is empty.' : `Nothing waits for workspace ${scope}.`;
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
