import type { SnapshotFrom } from 'xstate';
import type { workspaceMachine } from '../../machines/workspace.ts';
import { readPhase, type WorkspacePhase } from '../../machines/workspace-phase.ts';
import { isSettled } from '../domain/files/upload.ts';
import type { BridgeStatus, WorkspaceStatus } from '../domain/ports/agent.ts';
import { toMicros } from '../domain/time.ts';
import { listFeatures } from '../domain/wire/features.ts';
import { countUnread } from './feed/unread-rows.ts';
import type { Hearing } from './inbox/hearing.ts';
import type { Workspace } from './workspace.ts';

/** How one workspace stands: what its machine says and what its ledger holds. */
export function workspaceStatus(
  workspace: Workspace,
  snapshot: SnapshotFrom<typeof workspaceMachine> | null,
  hearing: Hearing,
): WorkspaceStatus {
  const phase = snapshot ? readPhase(snapshot) : BETWEEN_STARTS;
  const state = workspace.delivering()?.ledger.state;
  const waiting = [...(state?.inbox.values() ?? [])];
  const uploads = [...(state?.uploads.values() ?? [])];
  return {
    workspaceId: workspace.id,
    platformUrl: workspace.platformUrl,
    ...phase,
    // The log is open a moment before the machine has heard of it.
    delivery: state ? 'delivering' : phase.delivery,
    waiting: waiting.length,
    oldestAt: oldestOf(waiting.map(({ message }) => message.created_at)),
    offered: waiting.filter(({ offeredIn }) => offeredIn.includes(state?.session ?? 0)).length,
    ...(state ? hearing.of(state) : { lastReadAt: null, attention: null }),
    // A poll ends when the platform has no more.
    unread: phase.phase === 'online' && phase.lastPollAt !== null ? 0 : null,
    held: state?.held.size ?? 0,
    filesPending: uploads.filter(({ outcome }) => !isSettled(outcome)).length,
    unreadableRows: state?.counts.unreadable ?? 0,
    features: listFeatures(workspace.features()),
  };
}

/** The same, with the backlog asked of the platform where polling has paused: nobody else would look at it. */
export async function askBacklog(
  workspace: Workspace,
  status: WorkspaceStatus,
  nowMs: number,
): Promise<WorkspaceStatus> {
  const state = workspace.delivering()?.ledger.state;
  if (!state || !status.phase.includes('paused')) return status;
  const signal = AbortSignal.timeout(BACKLOG_WITHIN_MS);
  const asked = await countUnread(workspace.platform, state, nowMs, signal).catch(() => null);
  return { ...status, unread: asked?.unread ?? null };
}

/** All workspaces together. */
export function bridgeStatus(workspaces: readonly WorkspaceStatus[]): BridgeStatus {
  return {
    waiting: workspaces.reduce((sum, { waiting }) => sum + waiting, 0),
    oldestAt: oldestOf(workspaces.flatMap(({ oldestAt }) => oldestAt ?? [])),
    workspaces,
  };
}

/** The earliest of times as rows spell them. */
function oldestOf(times: readonly string[]): string | null {
  return times.reduce<string | null>(
    (oldest, time) => (oldest === null || (toMicros(time) ?? 0) < (toMicros(oldest) ?? 0) ? time : oldest),
    null,
  );
}

/** A machine that has failed and will be started anew. */
const BETWEEN_STARTS: WorkspacePhase = {
  phase: 'starting anew after a fault',
  delivery: 'delivering',
  online: false,
  lastPollAt: null,
  lastHeartbeatAt: null,
  lastError: null,
};

/** Less than another window waits for a status. */
const BACKLOG_WITHIN_MS = 1_000;
