import { type Reply, refuse, text } from '../http/reply.ts';
import type { Workspace } from '../world/workspaces.ts';

/** Calls a push workspace's own server and hands its answer through (§6.6). */
export async function relayToAgent(target: Workspace, envelope: Record<string, unknown>): Promise<Reply> {
  if (target.url === '') refuse(503, 'workspace has no URL', { status: target.status });
  let response: Response;
  try {
    response = await fetch(target.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(envelope),
      redirect: 'manual',
    });
  } catch {
    refuse(502, 'failed to reach workspace agent');
  }
  return text(response.status, await response.text(), 'application/json');
}
