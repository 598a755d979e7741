import * as z from 'zod';
import { requireOwnToken } from '../http/guards.ts';
import { json, refuse } from '../http/reply.ts';
import type { Call, Route } from '../http/route.ts';
import { decodeBody, goFlag, goInteger, goNumber, goRaw, goText } from '../rules/go-json.ts';
import { parseUuid } from '../rules/uuid.ts';
import { newInboundSecret, type Workspace } from '../world/workspaces.ts';
import type { World } from '../world/world.ts';

/** Liveness (§3.2). */
export const heartbeatRoutes: readonly Route[] = [
  { at: 'POST /registry/heartbeat', guard: 'open', handle: heartbeat },
];

const fields = {
  workspace_id: goText,
  error_rate: goNumber,
  sample_error: goText,
  active_tasks: goInteger,
  uptime_seconds: goInteger,
  current_task: goText,
  monthly_spend: goInteger,
  runtime_state: goText,
  runtime_metadata: z.object({ capabilities: z.record(z.string(), z.boolean()).nullish() }).nullish(),
};
const mayBeat = z.object(fields);
/** HEAD knows more fields and refuses a wrong type in each of them (§15.11). */
const headBeat = z.object({
  ...fields,
  is_busy: goFlag,
  observed_generation: goInteger,
  schema_version: goText,
  agent_card: goRaw,
  mcp_server_present: goFlag,
  loaded_mcp_tools: z.array(z.string()).nullish(),
  mcp_tools_ready: goFlag,
  first_ready_at: goText,
});
type Beat = z.output<typeof mayBeat> & Partial<z.output<typeof headBeat>>;

/** Says `ok` for unknown and removed workspaces as well. */
async function heartbeat(call: Call, world: World) {
  const { text } = await call.readBody();
  const body: Beat | undefined = world.isHead() ? decodeBody(headBeat, text) : decodeBody(mayBeat, text);
  if (body === undefined || body.workspace_id === '') refuse(400, 'invalid request body');
  requireOwnToken(call, body.workspace_id, world);
  const id = parseUuid(body.workspace_id);
  if (id === undefined) refuse(500, 'failed to update');

  const workspace = world.workspaces.get(id);
  if (workspace !== undefined && workspace.status !== 'removed') applyBeat(workspace, body, world);
  return json(200, {
    status: 'ok',
    platform_inbound_secret: workspace?.inboundSecret ?? newInboundSecret(),
    ...(world.isHead() && { generation: workspace?.generation ?? 0 }),
  });
}

const maxSpendCents = 1e12;
/** How long a refused registration keeps a workspace degraded at HEAD (§15.11). */
const refusalCountsMs = 5 * 60_000;

function applyBeat(workspace: Workspace, body: Beat, world: World): void {
  const taskChanged = workspace.currentTask !== body.current_task;
  workspace.lastHeartbeatMicros = world.clock.nowMicros();
  workspace.lastErrorRate = body.error_rate;
  workspace.lastSampleError = body.sample_error;
  workspace.activeTasks = body.active_tasks;
  workspace.uptimeSeconds = body.uptime_seconds;
  workspace.currentTask = body.current_task;
  workspace.wedged = body.runtime_state === 'wedged';
  if (body.monthly_spend > 0) workspace.monthlySpend = Math.min(body.monthly_spend, maxSpendCents);
  if (body.agent_card !== undefined) workspace.agentCard ??= body.agent_card;
  if (body.loaded_mcp_tools != null) {
    workspace.loadedMcpTools = body.loaded_mcp_tools;
    workspace.toolsReportedMicros = world.clock.nowMicros();
  }
  // A maximum, and never beyond what was handed out.
  const observed = Math.min(body.observed_generation ?? 0, workspace.generation);
  workspace.observedGeneration = Math.max(workspace.observedGeneration, observed);

  const before = workspace.status;
  workspace.status = statusAfterBeat(workspace, body, world);
  raiseBeat(workspace, taskChanged, before, world);
}

function statusAfterBeat({ status, registerRefusedMs, wedged }: Workspace, body: Beat, world: World): string {
  if (['offline', 'provisioning', 'awaiting_agent'].includes(status)) return 'online';
  const refused =
    world.isHead() && registerRefusedMs !== null && world.clock.nowMs() - registerRefusedMs < refusalCountsMs;
  const managesStatus = body.runtime_metadata?.capabilities?.status_mgmt === true;
  const failing = body.error_rate >= 0.5 && !managesStatus;
  if (status === 'online' && (wedged || failing || refused)) return 'degraded';
  const well = body.runtime_state === '' && body.error_rate < 0.1 && !managesStatus && !refused;
  return status === 'degraded' && well ? 'online' : status;
}

function raiseBeat(workspace: Workspace, taskChanged: boolean, before: string, world: World): void {
  const { id, activeTasks, currentTask, uptimeSeconds, status } = workspace;
  world.wakeUps.raise(id, 'WORKSPACE_HEARTBEAT', {
    active_tasks: activeTasks,
    uptime_seconds: uptimeSeconds,
    ...(currentTask !== '' && { current_task: currentTask }),
  });
  if (taskChanged) {
    world.wakeUps.raise(id, 'TASK_UPDATED', { active_tasks: activeTasks, current_task: currentTask });
  }
  if (before !== status) {
    world.wakeUps.raise(id, status === 'degraded' ? 'WORKSPACE_DEGRADED' : 'WORKSPACE_ONLINE', {});
  }
}
