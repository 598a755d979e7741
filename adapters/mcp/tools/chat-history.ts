import * as z from 'zod';
import { frameData } from '../frame-data.ts';
import { lenientNumber, optionalText, sourceWorkspaceId, stated, text } from './arguments.ts';
import { attachmentSchema } from './message-schema.ts';
import { newestThatFit } from './newest-that-fit.ts';
import { defineTool } from './tool.ts';
import { waitingField } from './waiting-field.ts';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 500;

/** One thing that was said, as `HistoryEntry` of `src/domain/ports/agent.ts`. */
const rowSchema = z.object({
  activity_id: z.string(),
  created_at: z.string(),
  direction: z
    .enum(['from_peer', 'to_peer', 'from_user', 'to_user', 'notice'])
    .describe('Who spoke to whom; a notice is the platform’s own.'),
  text: z.string(),
  cut_from_chars: z
    .number()
    .optional()
    .describe('How long the whole text is, where only its beginning is here.'),
  method: z.string().optional(),
  status: z.string().optional().describe('Left out where all went well.'),
  error_detail: z.string().optional(),
  attachments: z.array(attachmentSchema).readonly().optional(),
  body: z.unknown().optional().describe('The body as sent, where no words could be read out of it.'),
});

/** `chat_history`: what was said with the user or one peer, oldest first, as the platform keeps it. */
export const chatHistory = defineTool({
  name: 'chat_history',
  title: 'Read a conversation',
  description:
    'Returns what was said with the user (peer_id: "user") or with one agent (peer_id: its workspace id), oldest first, files with their local paths where they are here. Large rows may leave room for fewer than limit: before_ts with the returned next_before_ts reads further back.',
  input: z.object({
    peer_id: text('"user" for the person in the canvas, else the workspace id of the agent.'),
    limit: lenientNumber(
      'integer',
      `How many of the newest rows; ${DEFAULT_LIMIT} if left out, at most ${MAX_LIMIT}.`,
    ),
    before_ts: optionalText('Only rows older than this time (RFC 3339).'),
    source_workspace_id: sourceWorkspaceId(),
  }),
  output: z.object({
    rows: z.array(rowSchema),
    has_more: z.boolean().describe('Older rows of this answer were left out for their size.'),
    next_before_ts: z.string().nullable().describe('Use as before_ts to read further back.'),
    waiting: waitingField,
  }),
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  async call({ peer_id, limit, before_ts, source_workspace_id }, agent, context) {
    const all = await agent.directory.history(
      {
        peerId: peer_id,
        limit: limit !== undefined && limit >= 1 ? Math.min(Math.trunc(limit), MAX_LIMIT) : DEFAULT_LIMIT,
        ...stated({ beforeTs: before_ts, sourceWorkspaceId: source_workspace_id }),
      },
      context,
    );
    const framed = all.map((row) => frameData(row, rowSchema));
    const { rows, json } = newestThatFit(framed, context.limits.maxResultBytes);
    const structured = {
      rows,
      has_more: rows.length < all.length,
      next_before_ts: rows[0]?.created_at ?? null,
      waiting: agent.inbox.waiting(),
    };
    return { structured, text: [summary(structured, all.length), ...json].join('\n') };
  },
});

function summary(
  { rows, has_more, next_before_ts }: { rows: unknown[]; has_more: boolean; next_before_ts: string | null },
  found: number,
): string {
  if (rows.length === 0) return 'Nothing was said, as far as the platform still keeps it.';
  const older = next_before_ts === null ? '' : ` Further back: before_ts=${next_before_ts}.`;
  const cut = has_more ? ` of ${found} found; the older ones are too large for one result` : '';
  return `${rows.length === 1 ? '1 row' : `${rows.length} rows`}${cut}, oldest first.${older}`;
}
