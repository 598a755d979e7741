import { randomBytes } from 'node:crypto';

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
  lastHeartbeatMicros: number | null;
  removedAtMicros: number | null;

  /** The rest is HEAD's alone (§15). `platform` is the root above everybody. */
  kind: 'workspace' | 'platform';
  wedged: boolean;
  loadedMcpTools: string[];
  toolsReportedMicros: number | null;
  broadcastEnabled: boolean;
  talkToUserEnabled: boolean;
  canDelegate: boolean;
  /** When a registration with a good token was last refused; null once one succeeded. */
  registerRefusedMs: number | null;
  /** Wakes sent by the platform so far, and how many of them the agent said it had handled (§15.15). */
  generation: number;
  observedGeneration: number;
  /** Null before the first acknowledgement. */
  lastAckedSeq: number | null;
  chatSessionMicros: number;
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
    lastHeartbeatMicros: null,
    removedAtMicros: null,
    kind: 'workspace',
    wedged: false,
    loadedMcpTools: [],
    toolsReportedMicros: null,
    broadcastEnabled: false,
    talkToUserEnabled: true,
    canDelegate: true,
    registerRefusedMs: null,
    generation: 0,
    observedGeneration: 0,
    lastAckedSeq: null,
    chatSessionMicros: 0,
    ...draft,
  };
}

/** A fresh secret for calls from the platform to the agent (§2.1). */
export const newInboundSecret = (): string => randomBytes(32).toString('base64url');

/** The ids of a workspace's descendants, removed ones left out. */
export function descendants(workspaces: Workspaces, id: string): string[] {
  const children = [...workspaces.values()].filter(
    (workspace) => workspace.parentId === id && workspace.status !== 'removed',
  );
  return children.flatMap((child) => [child.id, ...descendants(workspaces, child.id)]);
}

/** The id of the topmost workspace above one, or its own. */
export function rootOf(workspaces: Workspaces, id: string): string {
  const seen = new Set([id]);
  let root = id;
  for (;;) {
    const parentId = workspaces.get(root)?.parentId;
    if (parentId == null || seen.has(parentId)) return root;
    seen.add(parentId);
    root = parentId;
  }
}
