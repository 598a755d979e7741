import * as z from 'zod';
import { own } from '../frame-data.ts';

/** One file of a message, as `Attachment` of `src/domain/message.ts`. */
export const attachmentSchema = z.object({
  uri: z.string(),
  status: z.enum(['staged', 'pending', 'expired', 'too_large', 'failed']),
  name: z.string(),
  mimeType: z.string().optional(),
  size: z.number().optional(),
  path: own('Absolute local path; only when staged.').optional(),
  file_url: own('The same as a URL.').optional(),
  reason: z.string().optional().describe('Why there is no file (yet).'),
});

/** The fields of a message as every tool shows it, as `InboxMessage` of `src/domain/message.ts`. */
export const messageFields = {
  activity_id: z.string().describe('Names the message: for inbox_pop and reply_to.'),
  text: z.string(),
  peer_id: z.string().describe('Workspace id of the sending agent; empty for the user.'),
  kind: z.enum([
    'canvas_user',
    'peer_agent',
    'delegation_result',
    'upload_notice',
    'platform_notice',
    'broadcast',
    'request',
  ]),
  method: z.string(),
  created_at: z.string(),
  arrival_workspace_id: z
    .string()
    .optional()
    .describe('Which of your workspaces it came to; only with several.'),
  delegation_id: z.string().optional(),
  error_detail: z.string().optional(),
  attachments: z.array(attachmentSchema).readonly().optional(),
  redelivered: z.literal(true).optional(),
  peer_name: z.string().optional(),
  peer_role: z.string().optional(),
  truncated: z.literal(true).optional().describe('Only the beginning of a broadcast is known.'),
  request_kind: z.enum(['task', 'approval']).optional(),
};

/** A message, open to fields that later versions add. */
export const messageSchema = z.object(messageFields);
