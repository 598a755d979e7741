import * as z from 'zod';
import { json, refuse } from '../../http/reply.ts';
import type { Call, Route } from '../../http/route.ts';
import { decodeBody, goText } from '../../rules/go-json.ts';
import { cutCharacters } from '../../rules/preview.ts';
import { rootOf } from '../../world/workspaces.ts';
import type { World } from '../../world/world.ts';
import { existingWorkspace } from '../existing-workspace.ts';

/** One message to everybody under the same root (§15.8). */
export const broadcastRoutes: readonly Route[] = [
  { at: 'POST /workspaces/:id/broadcast', guard: 'workspace', only: 'head', handle: broadcast },
];

const announcement = z.object({ message: goText });
const previewCharacters = 120;

/** The rows hold a preview only; the whole text exists in the event alone. */
async function broadcast(call: Call, world: World) {
  const body = decodeBody(announcement, (await call.readBody()).text);
  if (body === undefined || body.message === '') refuse(400, 'message is required');
  const sender = existingWorkspace(call, world);
  if (!sender.broadcastEnabled) {
    refuse(403, 'broadcast_disabled', { hint: 'ask the operator to set broadcast_enabled' });
  }
  const rootId = rootOf(world.workspaces, sender.id);
  const recipients = [...world.workspaces.values()].filter(
    ({ id, status }) => id !== sender.id && status !== 'removed' && rootOf(world.workspaces, id) === rootId,
  );
  for (const recipient of recipients) {
    await world.record(recipient.id, {
      activityType: 'broadcast_receive',
      method: 'broadcast',
      sourceId: sender.id,
      summary: `Broadcast from ${sender.name}: ${cutCharacters(body.message, previewCharacters)}`,
    });
    world.wakeUps.raise(recipient.id, 'BROADCAST_MESSAGE', {
      message: body.message,
      sender_id: sender.id,
      sender: sender.name,
    });
  }
  await world.record(sender.id, {
    activityType: 'broadcast_sent',
    method: 'broadcast',
    summary: `Broadcast sent to ${recipients.length} workspace(s)`,
  });
  return json(200, { status: 'sent', delivered: recipients.length });
}
