import type { SnapshotFrom } from 'xstate';
import type { workspaceMachine } from '../../machines/workspace.ts';
import { readPhase, type WorkspacePhase } from '../../machines/workspace-phase.ts';
import { isSettled } from '../domain/files/upload.ts';
import type { WorkspaceStatus } from '../domain/ports/agent.ts';
import { listFeatures } from '../domain/wire/features.ts';
import type { Workspace } from './workspace.ts';

/** How one workspace stands: what its machine says and what its ledger holds. */
export function workspaceStatus(
  workspace: Workspace,
  snapshot: SnapshotFrom<typeof workspaceMachine> | null,
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
    offered: waiting.filter(({ offeredIn }) => offeredIn.includes(state?.session ?? 0)).length,
    held: state?.held.size ?? 0,
    filesPending: uploads.filter(({ outcome }) => !isSettled(outcome)).length,
    unreadableRows: state?.counts.unreadable ?? 0,
    features: listFeatures(workspace.features()),
  };
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
