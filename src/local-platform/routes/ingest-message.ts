import { messageIdOf } from '../rules/a2a-envelope.ts';
import type { RowDraft } from '../rules/activity-row.ts';
import { messageContent } from '../rules/message-content.ts';
import type { Workspace } from '../world/workspaces.ts';
import type { World } from '../world/world.ts';
import type { Caller } from './caller.ts';

/**
 * Stores a message before it is acknowledged, as HEAD does (§15.5). A `messageId` that the inbox knows already makes
 * no new row, whoever sent it; the events are raised all the same.
 */
export async function ingestMessage(
  world: World,
  caller: Caller,
  target: Workspace,
  method: string,
  envelope: Record<string, unknown>,
): Promise<void> {
  const draft: RowDraft = {
    activityType: 'a2a_receive',
    method,
    sourceId: caller.id,
    targetId: target.id,
    requestBody: envelope,
  };
  const queued = { ...draft, summary: `${method} → ${target.name} (queued for poll)` };
  const messageId = messageIdOf(envelope);
  if (method !== 'message/send' || messageId === undefined) {
    if ((await world.record(target.id, queued)) !== undefined) world.wake(target.id, queued, messageId);
    return;
  }

  const ingested = { ...draft, summary: `${method} → ${target.name} (ingest)` };
  const isNew = world.claimMessageId(target.id, messageId);
  if (isNew && (await world.record(target.id, ingested)) === undefined) return;
  // The upsert that follows burns a number, and so does each one that meets a known message.
  world.feed.burnNumbers(isNew ? 1 : 2);
  world.wake(target.id, ingested, messageId);
  if (caller.id === null) {
    world.wakeUps.raise(target.id, 'USER_MESSAGE', {
      message_id: messageId,
      workspace_id: target.id,
      ...messageContent(envelope),
    });
  }
  world.wake(target.id, queued, messageId);
}
