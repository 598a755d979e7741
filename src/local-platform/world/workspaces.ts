/** A workspace as the server keeps it (§10.4). */
export interface Workspace {
  readonly id: string;
  name: string;
  role: string | null;
  tier: number;
  /** §3.3 lists the values; `removed` ones stay until they are purged. */
  status: string;
  url: string;
  parentId: string | null;
  deliveryMode: 'push' | 'poll';
  runtime: string;
  /** Undefined is SQL NULL. */
  agentCard?: unknown;
  activeTasks: number;
  maxConcurrentTasks: number;
  lastErrorRate: number;
  lastSampleError: string;
  uptimeSeconds: number;
  currentTask: string;
  monthlySpend: number;
  budgetLimit: number | null;
  collapsed: boolean;
  x: number;
  y: number;
  workspaceDir: string | null;
  inboundSecret: string;
  lastHeartbeatMs: number | null;
  removedAtMicros: number | null;
}

/** The workspaces of the platform by id, in order of creation. */
export type Workspaces = Map<string, Workspace>;

/** A new workspace; what is not said has the server's defaults. */
export function newWorkspace(
  draft: Pick<Workspace, 'id' | 'name' | 'inboundSecret'> & Partial<Workspace>,
): Workspace {
  return {
    role: null,
    tier: 1,
    status: 'online',
    url: '',
    parentId: null,
    deliveryMode: 'push',
    runtime: 'external',
    activeTasks: 0,
    maxConcurrentTasks: 1,
    lastErrorRate: 0,
    lastSampleError: '',
    uptimeSeconds: 0,
    currentTask: '',
    monthlySpend: 0,
    budgetLimit: null,
    collapsed: false,
    x: 0,
    y: 0,
    workspaceDir: null,
    lastHeartbeatMs: null,
    removedAtMicros: null,
    ...draft,
  };
}

/** The ids of a workspace's descendants, removed ones left out. */
export function descendants(workspaces: Workspaces, id: string): string[] {
  const children = [...workspaces.values()].filter(
    (workspace) => workspace.parentId === id && workspace.status !== 'removed',
  );
  return children.flatMap((child) => [child.id, ...descendants(workspaces, child.id)]);
}
