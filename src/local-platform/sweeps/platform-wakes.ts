import { randomUUID } from 'node:crypto';
import { deliverMessage } from '../routes/deliver-message.ts';
import { isOpen } from '../world/requests.ts';
import type { Workspace } from '../world/workspaces.ts';
import type { World } from '../world/world.ts';

const minuteMs = 60_000;
const openTooLongMs = 10 * minuteMs;
const nudgedAgainAfterMs = 60 * minuteMs;
const stalledAfterMs = 12 * minuteMs;

/** The messages that HEAD's platform sends of itself (§15.15): about forgotten requests and about stalled work. */
export async function sendPlatformWakes(world: World): Promise<void> {
  if (!world.isHead()) return;
  await nudgeAboutRequests(world);
  await probeStalledAgents(world);
}

async function nudgeAboutRequests(world: World): Promise<void> {
  const now = world.clock.nowMs();
  for (const request of world.requests.values()) {
    const recipient = world.workspaces.get(request.recipientId);
    if (recipient?.status !== 'online' || recipient.activeTasks > 0 || !isOpen(request)) continue;
    if (now - request.createdAtMicros / 1000 < openTooLongMs) continue;
    if (request.nudgedMs !== undefined && now - request.nudgedMs < nudgedAgainAfterMs) continue;
    request.nudgedMs = now;
    await wake(world, recipient, 'inbox_nudge', `A request is still open: ${request.title}`);
  }
}

async function probeStalledAgents(world: World): Promise<void> {
  for (const workspace of [...world.workspaces.values()]) {
    if (workspace.status !== 'online' || workspace.activeTasks === 0) continue;
    const newest = world.feed.rows(workspace.id).at(-1);
    if (newest === undefined || world.clock.nowMs() - newest.createdAtMicros / 1000 < stalledAfterMs)
      continue;
    await world.record(workspace.id, {
      activityType: 'stall_watchdog',
      method: 'probe',
      summary: 'the agent reports active tasks and wrote nothing for a while',
    });
    await wake(
      world,
      workspace,
      'stall_probe',
      'Are you still working? Nothing was heard of your task for a while.',
    );
  }
}

const wakes = {
  inbox_nudge: { sourceType: 'self-nudge', idPrefix: 'inbox-nudge', keyPrefix: 'nudge' },
  stall_probe: { sourceType: 'self-stall', idPrefix: 'stall-probe', keyPrefix: 'stall' },
};

async function wake(
  world: World,
  workspace: Workspace,
  kind: keyof typeof wakes,
  text: string,
): Promise<void> {
  const { sourceType, idPrefix, keyPrefix } = wakes[kind];
  const hour = Math.floor(world.clock.nowMs() / (60 * minuteMs)) * 3600;
  const message = {
    role: 'user',
    messageId: `${idPrefix}-${randomUUID()}`,
    parts: [{ kind: 'text', text }],
    metadata: { source: 'platform', source_type: sourceType, kind },
  };
  const metadata = { wake_idempotency_key: `${keyPrefix}:${workspace.id}:${hour}` };
  const body = JSON.stringify({ method: 'message/send', params: { message, metadata } });
  workspace.generation += 1;
  await deliverMessage(world, { id: null, canvas: 'unmarked' }, workspace.id, body);
}
