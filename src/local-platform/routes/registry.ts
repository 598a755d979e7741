import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { requireOwnToken } from '../http/guards.ts';
import { json, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import { decodeBody, goInteger, goNumber, goRaw, goText } from '../rules/go-json.ts';
import { parseUuid } from '../rules/uuid.ts';
import { newWorkspace, type Workspace } from '../world/workspaces.ts';
import type { World } from '../world/world.ts';

/** Registration and liveness (§3). */
export const registryRoutes: readonly Route[] = [
  { at: 'POST /registry/register', guard: 'open', handle: register },
  { at: 'POST /registry/heartbeat', guard: 'open', handle: heartbeat },
  { at: 'POST /registry/update-card', guard: 'open', handle: updateCard },
];

const registration = z.object({ id: goText, agent_card: goRaw, url: goText, delivery_mode: goText });

/** §3.1. An unknown id makes a new workspace without any authentication. */
async function register(call: Call, world: World) {
  const body = decodeBody(registration, (await call.readBody()).text);
  if (body === undefined || body.id === '' || body.agent_card === undefined)
    refuse(400, 'invalid request body');
  if (!['', 'push', 'poll'].includes(body.delivery_mode))
    refuse(400, "delivery_mode must be 'push' or 'poll'");
  requireOwnToken(call, body.id, world);
  const id = parseUuid(body.id);
  if (id === undefined) refuse(500, 'registration failed');

  const known = world.workspaces.get(id);
  const deliveryMode =
    body.delivery_mode === 'poll' ? 'poll' : body.delivery_mode || known?.deliveryMode || 'push';
  if (deliveryMode === 'push' && body.url === '') refuse(400, 'url is required for push-mode workspaces');

  const workspace = known ?? createBare(id, world);
  if (workspace.status !== 'removed') {
    workspace.status = 'online';
    workspace.deliveryMode = deliveryMode === 'poll' ? 'poll' : 'push';
    workspace.agentCard = body.agent_card;
    workspace.lastHeartbeatMs = world.clock.nowMs();
    if (!workspace.url.startsWith('http://127.0.0.1')) workspace.url = body.url;
    world.wakeUps.raise(id, 'WORKSPACE_ONLINE', { url: workspace.url, agent_card: workspace.agentCard });
  }
  // A removed workspace gets a token too: one that can never validate.
  const authToken = world.tokens.of(id).length === 0 ? world.tokens.issue(id) : undefined;
  return json(200, {
    status: 'registered',
    delivery_mode: deliveryMode,
    platform_inbound_secret: workspace.inboundSecret,
    ...(authToken !== undefined && { auth_token: authToken }),
  });
}

function createBare(id: string, world: World): Workspace {
  const workspace = newWorkspace({ id, name: id, runtime: 'langgraph', inboundSecret: newInboundSecret() });
  world.workspaces.set(id, workspace);
  return workspace;
}

/** A fresh secret for calls from the platform to the agent (§2.1). */
export const newInboundSecret = (): string => randomBytes(32).toString('base64url');

const beat = z.object({
  workspace_id: goText,
  error_rate: goNumber,
  sample_error: goText,
  active_tasks: goInteger,
  uptime_seconds: goInteger,
  current_task: goText,
  monthly_spend: goInteger,
  runtime_state: goText,
  runtime_metadata: z.object({ capabilities: z.record(z.string(), z.boolean()).nullish() }).nullish(),
});

const maxSpendCents = 1e12;

/** §3.2. Says `ok` for unknown and removed workspaces as well. */
async function heartbeat(call: Call, world: World) {
  const body = decodeBody(beat, (await call.readBody()).text);
  if (body === undefined || body.workspace_id === '') refuse(400, 'invalid request body');
  requireOwnToken(call, body.workspace_id, world);
  const id = parseUuid(body.workspace_id);
  if (id === undefined) refuse(500, 'failed to update');

  const workspace = world.workspaces.get(id);
  if (workspace === undefined)
    return json(200, { status: 'ok', platform_inbound_secret: newInboundSecret() });
  if (workspace.status !== 'removed') applyBeat(workspace, body, world);
  return json(200, { status: 'ok', platform_inbound_secret: workspace.inboundSecret });
}

function applyBeat(workspace: Workspace, body: z.output<typeof beat>, world: World): void {
  const taskChanged = workspace.currentTask !== body.current_task;
  workspace.lastHeartbeatMs = world.clock.nowMs();
  workspace.lastErrorRate = body.error_rate;
  workspace.lastSampleError = body.sample_error;
  workspace.activeTasks = body.active_tasks;
  workspace.uptimeSeconds = body.uptime_seconds;
  workspace.currentTask = body.current_task;
  if (body.monthly_spend > 0) workspace.monthlySpend = Math.min(body.monthly_spend, maxSpendCents);
  const managesStatus = body.runtime_metadata?.capabilities?.status_mgmt === true;
  const before = workspace.status;
  workspace.status = statusAfterBeat(before, body.error_rate, body.runtime_state, managesStatus);

  const task = workspace.currentTask === '' ? {} : { current_task: workspace.currentTask };
  const figures = { active_tasks: workspace.activeTasks, uptime_seconds: workspace.uptimeSeconds };
  world.wakeUps.raise(workspace.id, 'WORKSPACE_HEARTBEAT', { ...figures, ...task });
  if (taskChanged) {
    world.wakeUps.raise(workspace.id, 'TASK_UPDATED', {
      active_tasks: workspace.activeTasks,
      current_task: workspace.currentTask,
    });
  }
  if (before !== workspace.status) {
    const type = workspace.status === 'degraded' ? 'WORKSPACE_DEGRADED' : 'WORKSPACE_ONLINE';
    world.wakeUps.raise(workspace.id, type, {});
  }
}

function statusAfterBeat(status: string, errorRate: number, state: string, managesStatus: boolean): string {
  if (['offline', 'provisioning', 'awaiting_agent'].includes(status)) return 'online';
  if (status === 'online' && (state === 'wedged' || (errorRate >= 0.5 && !managesStatus))) return 'degraded';
  if (status === 'degraded' && state === '' && errorRate < 0.1 && !managesStatus) return 'online';
  return status;
}

const cardUpdate = z.object({ workspace_id: goText, agent_card: goRaw });

/** §3.4. */
async function updateCard(call: Call, world: World) {
  const body = decodeBody(cardUpdate, (await call.readBody()).text);
  if (body === undefined || body.workspace_id === '' || body.agent_card === undefined) {
    refuse(400, 'invalid request body');
  }
  requireOwnToken(call, body.workspace_id, world);
  const id = parseUuid(body.workspace_id);
  if (id === undefined) refuse(500, 'failed to update card');
  const workspace = world.workspaces.get(id);
  if (workspace !== undefined) {
    workspace.agentCard = body.agent_card;
    world.wakeUps.raise(id, 'AGENT_CARD_UPDATED', { agent_card: body.agent_card });
  }
  return json(200, { status: 'updated' });
}
