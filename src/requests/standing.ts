import * as z from 'zod';
import { type AgentRequest, readRequest } from '../domain/inbox/requests.ts';
import type { RequestRemark } from '../domain/ports/agent.ts';
import type { OwnWorkspace } from '../outbox/deps.ts';

/** How a request stands. */
export interface Standing {
  /** Null when the platform shows it in a shape that cannot be read. */
  readonly request: AgentRequest | null;
  /** What was said about it since it was made, oldest first. */
  readonly remarks: readonly RequestRemark[];
}

/** Where the platform keeps one request of a workspace. */
export function pathOf({ id }: Pick<OwnWorkspace, 'id'>, requestId: string): string {
  return `/workspaces/${id}/requests/${requestId}`;
}

/** Looks at one request (§15.10). Rejects with a `PlatformError`. */
export async function readStanding(
  workspace: Pick<OwnWorkspace, 'id' | 'platform'>,
  requestId: string,
  signal: AbortSignal,
): Promise<Standing> {
  const path = pathOf(workspace, requestId);
  const { body } = await workspace.platform.call({ method: 'GET', path }, signal);
  const { request, messages } = shownSchema.parse(body);
  const remarks = messages.flatMap((raw) => {
    const remark = remarkSchema.safeParse(raw).data;
    if (!remark) return [];
    return [{ own: remark.author_id.toLowerCase() === workspace.id.toLowerCase(), text: remark.body }];
  });
  return { request: readRequest(request), remarks };
}

const shownSchema = z
  .object({ request: z.unknown(), messages: z.array(z.unknown()).catch([]) })
  .catch({ request: null, messages: [] });
const remarkSchema = z.object({ author_id: z.string().catch(''), body: z.string() });
