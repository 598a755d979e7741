import { homedir } from 'node:os';
import { delimiter } from 'node:path';
import { sharedStagingFolders } from '../../adapters/staged-files/folder.ts';
import { createDirectory } from '../directory/directory.ts';
import { createPeerSightings } from '../directory/peer-sightings.ts';
import type { AgentPort, BridgeStatus } from '../domain/ports/agent.ts';
import { rowsCarrySeq } from '../domain/wire/features.ts';
import { createMemories } from '../memories/memories.ts';
import type { OwnWorkspace } from '../outbox/deps.ts';
import { createOutbox } from '../outbox/outbox.ts';
import { createRequests } from '../requests/requests.ts';
import type { Surroundings } from './surroundings.ts';
import type { Windows } from './windows/windows.ts';
import type { Workspace } from './workspace.ts';

/** What the agent's side of a bridge is made of. */
export interface AgentPortParts {
  readonly workspaces: readonly Workspace[];
  readonly shared: Surroundings;
  readonly windows: Windows;
  readonly status: () => Promise<BridgeStatus>;
  /** The host's MCP roots as local paths; null when it offers none. */
  readonly offeredRoots: () => Promise<readonly string[] | null>;
  /** Fires when the bridge stops. */
  readonly stopping: AbortSignal;
}

/** Composes what the agent may ask: the inbox, what it sends, who is around, what it remembers. */
export function createAgentPort(parts: AgentPortParts): AgentPort {
  const { workspaces, shared, windows, status, stopping } = parts;
  const { inbox, known } = windows;
  const { options, logger, clock, directory, ownUploads, tasks } = shared;
  const peers = createPeerSightings();
  const own = workspaces.map(
    ({ id, platformUrl, platform, ...workspace }): OwnWorkspace => ({
      id,
      platformUrl,
      platform,
      rowsCarrySeq: () => rowsCarrySeq(workspace.features()),
    }),
  );
  return {
    workspaces: workspaces.map(({ id, platformUrl }) => ({ id, platformUrl })),
    inbox: {
      disabledReason: options.disableInbox ? INBOX_DISABLED : null,
      peek: inbox.peek,
      pop: (activityId) => inbox.pop(activityId, 'pop'),
      wait: inbox.wait,
      find: async (activityId) => (await inbox.find(activityId))?.message ?? null,
      waiting: inbox.waiting,
      status,
      claim: windows.claim,
    },
    outbox: createOutbox({
      workspaces: own,
      inbox: {
        find: inbox.find,
        popAnswered: async (_, activityId) => (await inbox.pop(activityId, 'answer')).removed,
        arrivedThrough: known.arrivedThrough,
        deliverLateAnswer: (workspaceId, message) =>
          windows.record(workspaceId, { type: 'takeAnswer', message, atMicros: clock() * 1000 }),
      },
      attachments: {
        configuredRoots: readRoots(options.attachRoots),
        offeredRoots: parts.offeredRoots,
        closedFolders: [directory.path, ...sharedStagingFolders(options.uploadsDir)],
        stagedAt: known.stagedAt,
        workingDirectory: process.cwd(),
        homeDirectory: homedir(),
      },
      ownUploads,
      peers,
      tasks,
      clock,
      logger,
      stopping,
    }),
    directory: createDirectory({
      workspaces: own,
      peers,
      findUploads: known.uploads,
    }),
    memories: createMemories({ workspaces: own }),
    requests: createRequests({
      workspaces: own,
      inbox: {
        find: inbox.find,
        popAnswered: async (_, activityId) => (await inbox.pop(activityId, 'answer')).removed,
      },
    }),
  };
}

/** `MOLECULE_ATTACH_ROOTS`; null when it is not set. Unlike in PATH, nothing between two separators is no folder, never the working directory. */
function readRoots(text: string): readonly string[] | null {
  return text === '' ? null : text.split(delimiter).filter((root) => root.trim() !== '');
}

const INBOX_DISABLED = 'MOLECULE_MCP_DISABLE_INBOX is set: this window neither polls nor receives';
