import { formatMicros } from '../rules/timestamps.ts';
import type { Workspace } from '../world/workspaces.ts';

/** A workspace as `GET /workspaces/:id` shows it to anybody (§10.4, §15.11). */
export function showWorkspace(workspace: Workspace, isHead: boolean): Record<string, unknown> {
  return {
    active_tasks: workspace.activeTasks,
    agent_card: workspace.agentCard ?? null,
    collapsed: workspace.collapsed,
    id: workspace.id,
    last_error_rate: workspace.lastErrorRate,
    last_outbound_at: null,
    max_concurrent_tasks: workspace.maxConcurrentTasks,
    name: workspace.name,
    parent_id: workspace.parentId,
    role: workspace.role,
    runtime: workspace.runtime,
    status: workspace.status,
    tier: workspace.tier,
    uptime_seconds: workspace.uptimeSeconds,
    url: workspace.url,
    x: workspace.x,
    y: workspace.y,
    ...(isHead && {
      broadcast_enabled: workspace.broadcastEnabled,
      compute: {},
      kind: workspace.kind,
      last_heartbeat_at:
        workspace.lastHeartbeatMicros === null ? null : formatMicros(workspace.lastHeartbeatMicros),
      last_sample_error: workspace.lastSampleError,
      loaded_mcp_tools: workspace.loadedMcpTools,
      mcp_surface: mcpSurface(workspace),
      talk_to_user_enabled: workspace.talkToUserEnabled,
      wedged: workspace.wedged,
    }),
  };
}

/** What HEAD makes of the tools an agent says it has; null before it said any. */
function mcpSurface({ toolsReportedMicros, loadedMcpTools }: Workspace): unknown {
  if (toolsReportedMicros === null) return null;
  return {
    verdict: 'unknown:no_dispatch_record',
    observed_at: formatMicros(toolsReportedMicros),
    reported_count: loadedMcpTools.length,
    advertised_only_count: loadedMcpTools.length,
    dispatch_records: 0,
    reported_namespaces: [],
    dispatched_namespaces: [],
    corroborated_namespaces: [],
    dispatch_corroborated_count: 0,
  };
}

/** A workspace in the operator's list (§10.5). */
export function showListedWorkspace(workspace: Workspace, isHead: boolean): Record<string, unknown> {
  const {
    last_outbound_at: _out,
    last_heartbeat_at: _beat,
    wedged: _wedged,
    ...shown
  } = showWorkspace(workspace, isHead);
  return {
    ...shown,
    budget_limit: workspace.budgetLimit,
    current_task: workspace.currentTask,
    last_sample_error: workspace.lastSampleError,
    monthly_spend: workspace.monthlySpend,
    workspace_dir: workspace.workspaceDir,
  };
}
