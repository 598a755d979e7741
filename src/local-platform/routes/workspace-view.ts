import type { Workspace } from '../world/workspaces.ts';

/** A workspace as `GET /workspaces/:id` shows it to anybody (§10.4). */
export function showWorkspace(workspace: Workspace): Record<string, unknown> {
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
  };
}

/** A workspace in the operator's list (§10.5). */
export function showListedWorkspace(workspace: Workspace): Record<string, unknown> {
  const { last_outbound_at: _, ...shown } = showWorkspace(workspace);
  return {
    ...shown,
    budget_limit: workspace.budgetLimit,
    current_task: workspace.currentTask,
    last_sample_error: workspace.lastSampleError,
    monthly_spend: workspace.monthlySpend,
    workspace_dir: workspace.workspaceDir,
  };
}
