import type { DirectoryPort } from '../domain/ports/agent.ts';
import type { DirectoryDeps } from './deps.ts';
import { describeWorkspace } from './describe-workspace.ts';
import { readHistory } from './history.ts';
import { listPeers } from './list-peers.ts';

/** Makes what tells the agent who and what is around. Refusals are `AgentError`s. */
export function createDirectory(deps: DirectoryDeps): DirectoryPort {
  return {
    listPeers: (sourceWorkspaceId, call) => listPeers(sourceWorkspaceId, call, deps),
    describeWorkspace: (sourceWorkspaceId, call) => describeWorkspace(sourceWorkspaceId, call, deps),
    history: (request, call) => readHistory(request, call, deps),
  };
}
