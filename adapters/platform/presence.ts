import * as z from 'zod';
import type {
  AgentCard,
  Heartbeat,
  HeartbeatReply,
  HostPresence,
  Registration,
  WorkspaceFacts,
} from '../../src/domain/ports/platform.ts';
import { ask, type Connection } from './ask.ts';
import { OWN_CREDENTIAL } from './refusal.ts';

/**
 * `POST /registry/register` in poll mode (§3.1). The reply's `auth_token` and inbound secret are dropped here: the one
 * can be a token that never works, the other serves push mode only.
 */
export async function register(
  connection: Connection,
  card: AgentCard,
  signal: AbortSignal,
): Promise<Registration> {
  const json = { id: connection.workspaceId, url: '', delivery_mode: 'poll', agent_card: card };
  const { value } = await ask(connection, beat(connection, '/registry/register', json), registration, signal);
  return { deliveryMode: value.delivery_mode };
}

/** `POST /registry/heartbeat` (§3.2): every field each time, since the server overwrites them all. */
export async function heartbeat(
  connection: Connection,
  state: Heartbeat,
  signal: AbortSignal,
): Promise<HeartbeatReply> {
  const json = {
    workspace_id: connection.workspaceId,
    error_rate: state.errorRate,
    sample_error: state.sampleError,
    active_tasks: Math.trunc(state.activeTasks),
    uptime_seconds: Math.trunc(state.uptimeSeconds),
    current_task: state.currentTask,
    runtime_state: state.runtimeState,
    ...(state.isBusy === undefined ? {} : { is_busy: state.isBusy }),
    ...(state.host === undefined ? {} : hostFields(state.host)),
    ...(state.observedGeneration === undefined
      ? {}
      : { observed_generation: Math.trunc(state.observedGeneration) }),
  };
  const { value } = await ask(
    connection,
    beat(connection, '/registry/heartbeat', json),
    heartbeatReply,
    signal,
  );
  return value.generation === undefined ? {} : { generation: value.generation };
}

/** `GET /workspaces/:id` (§10.4): 410, or the platform's own 404, is the one dependable sign of a removed workspace. */
export async function describe(connection: Connection, signal: AbortSignal): Promise<WorkspaceFacts> {
  const { value } = await ask(
    connection,
    {
      method: 'GET',
      path: `/workspaces/${connection.workspaceId}`,
      lane: 'presence',
      deadlineMs: connection.deadlines.presenceMs,
      own: { 404: 'removed', 410: 'removed' },
    },
    facts,
    signal,
  );
  return { name: value.name, status: value.status, raw: value };
}

/** A time that is none yet is left out: an empty one would be a time to nobody. */
function hostFields({ isPresent, readyAtMs }: HostPresence) {
  return {
    mcp_server_present: isPresent,
    mcp_tools_ready: readyAtMs !== null,
    ...(readyAtMs === null ? {} : { first_ready_at: new Date(readyAtMs).toISOString() }),
  };
}

function beat(connection: Connection, path: string, json: unknown) {
  return {
    method: 'POST',
    path,
    json,
    lane: 'presence',
    deadlineMs: connection.deadlines.presenceMs,
    own: OWN_CREDENTIAL,
  } as const;
}

const registration = z.object({ delivery_mode: z.string() });

const heartbeatReply = z.object({ generation: z.int().optional().catch(undefined) });

const facts = z.looseObject({ name: z.string().catch(''), status: z.string() });
