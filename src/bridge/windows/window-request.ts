import * as z from 'zod';
import type { Command } from '../../domain/inbox/inbox-decide.ts';
import type { InboxMessage } from '../../domain/message.ts';

/** What one window asks the window that delivers a workspace; sent as plain JSON over the delivery lock's sockets. */
export type WindowRequest = z.infer<typeof windowRequest>;

/** Reads such a request. Rejects what another version of this program may have meant by it. */
export function readWindowRequest(request: unknown): WindowRequest {
  const reading = windowRequest.safeParse(request);
  if (!reading.success) throw new Error('this window is of another version: restart the older one');
  return reading.data;
}

/** What windows may have written for each other into the log: own uploads (W-39) and late answers. */
export type RecordCommand = Extract<Command, { type: 'noteSending' | 'noteSent' | 'takeAnswer' }>;

const text = z.string();
const count = z.number().int().nonnegative();

const message = z.custom<InboxMessage>(
  (value) =>
    z
      .looseObject({
        activity_id: text,
        text,
        peer_id: text,
        kind: text,
        method: text,
        created_at: text,
      })
      .safeParse(value).success,
);

const command = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('noteSending'),
    sendingId: text,
    files: z.array(z.object({ name: text, size: count })).readonly(),
  }),
  z.object({ type: z.literal('noteSent'), sendingId: text, fileIds: z.array(text).readonly() }),
  z.object({ type: z.literal('takeAnswer'), message, atMicros: z.number() }),
]);

const windowRequest = z.discriminatedUnion('do', [
  z.object({ do: z.literal('peek'), limit: count, offset: count, maxBytes: count.optional() }),
  z.object({ do: z.literal('pop'), activityId: text, by: z.enum(['pop', 'answer']) }),
  z.object({ do: z.literal('wait'), timeoutMs: z.number().nonnegative() }),
  z.object({ do: z.literal('find'), activityId: text }),
  z.object({ do: z.literal('uploads'), fileIds: z.array(text).readonly() }),
  z.object({ do: z.literal('hasMessageFrom'), peerId: text }),
  z.object({ do: z.literal('status') }),
  z.object({ do: z.literal('record'), command }),
]);
