import * as z from 'zod';
import type { RequestRemark } from '../domain/ports/agent.ts';
import type { OwnWorkspace } from '../outbox/deps.ts';

/** What was said about a request since it was made, oldest first (§15.10). Rejects with a `PlatformError`. */
export async function readRemarks(
  { id, platform }: Pick<OwnWorkspace, 'id' | 'platform'>,
  requestId: string,
  signal: AbortSignal,
): Promise<readonly RequestRemark[]> {
  const path = `/workspaces/${id}/requests/${requestId}`;
  const { body } = await platform.call({ method: 'GET', path }, signal);
  const { messages } = shownSchema.catch({ messages: [] }).parse(body);
  return messages.flatMap((raw) => {
    const remark = remarkSchema.safeParse(raw).data;
    return remark ? [{ own: remark.author_id.toLowerCase() === id, text: remark.body }] : [];
  });
}

const shownSchema = z.object({ messages: z.array(z.unknown()) });
const remarkSchema = z.object({ author_id: z.string().catch(''), body: z.string() });
