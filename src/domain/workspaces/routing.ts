import { isUuid } from '../ids.ts';
import type { InboxMessage, MessageKind } from '../message.ts';
import { AgentError, type WorkspaceIdentity } from '../ports/agent.ts';

/** The waiting message that an answer names by `reply_to`, and the own workspace at which it arrived. */
export interface Answered {
  readonly workspaceId: string;
  readonly message: InboxMessage;
}

/**
 * With which workspace's identity words for a user leave: that of the message they answer, else the one named, else the
 * only one there is. Several and none named is refused with the list: never "the first" (W-9).
 */
export function routeToUser(
  request: { readonly workspaceId?: string | undefined; readonly answered?: Answered | null },
  workspaces: readonly WorkspaceIdentity[],
): string {
  const { answered } = request;
  if (answered?.message.kind === 'platform_notice') {
    throw new AgentError(
      `Message ${answered.message.activity_id} is a notice of the platform itself: nobody reads an answer to it.`,
      'Do what it says if it is right, then inbox_pop it; to tell the user something, leave out reply_to.',
    );
  }
  if (answered?.message.kind === 'request') {
    throw new AgentError(
      `Message ${answered.message.activity_id} is a request.`,
      'Answer it with respond_to_request; to tell the user something, leave out reply_to.',
    );
  }
  if (answered && FROM_PEERS.has(answered.message.kind)) {
    throw new AgentError(
      `Message ${answered.message.activity_id} is from peer ${answered.message.peer_id}, not from a user.`,
      'Answer it with delegate_task and the same reply_to; to tell the user something, leave out reply_to.',
    );
  }
  return routeAnswer(request.workspaceId, workspaces, answered ?? null, 'workspace_id');
}

/** Where words for a peer go and with whose identity they leave. */
export interface PeerRoute {
  readonly peerId: string;
  readonly sourceWorkspaceId: string;
}

/**
 * Routes a message to a peer: by the message it answers, by the named source, the only workspace, or the one through
 * which this peer is known (`knownThrough`: listings and arrivals) if that is a single one; else refused with the list.
 * A peer that is no UUID, or the source itself, is refused here, before any request.
 */
export function routeToPeer(
  request: {
    readonly peerId: string;
    readonly sourceWorkspaceId?: string | undefined;
    readonly answered?: Answered | null;
    readonly knownThrough: readonly string[];
  },
  workspaces: readonly WorkspaceIdentity[],
): PeerRoute {
  const peerId = choosePeer(request.peerId, request.answered ?? null);
  const sourceWorkspaceId = chooseSource(peerId, request, workspaces);
  if (sourceWorkspaceId.toLowerCase() === peerId) {
    throw new AgentError(
      `Workspace ${peerId} is this agent itself.`,
      'Name another peer; list_peers shows whom you can reach.',
    );
  }
  return { peerId, sourceWorkspaceId };
}

/** The one workspace that a call is about: named, or the only one; several and none named is refused with the list. */
export function routeOne(named: string | undefined, workspaces: readonly WorkspaceIdentity[]): string {
  return findNamed(named, workspaces, 'source_workspace_id') ?? onlyOne(workspaces, 'source_workspace_id');
}

/** The same for a call that may name the message it answers: then that one's. */
function routeAnswer(
  named: string | undefined,
  workspaces: readonly WorkspaceIdentity[],
  answered: Answered | null,
  parameter: 'workspace_id' | 'source_workspace_id',
): string {
  const explicit = findNamed(named, workspaces, parameter);
  if (answered) {
    if (explicit !== null && explicit !== answered.workspaceId) {
      throw new AgentError(
        `Message ${answered.message.activity_id} arrived at workspace ${answered.workspaceId}, but ${parameter} says ${explicit}.`,
        `Leave out ${parameter}: reply_to routes the answer.`,
      );
    }
    return answered.workspaceId;
  }
  return explicit ?? onlyOne(workspaces, `reply_to, or ${parameter}`);
}

function onlyOne(workspaces: readonly WorkspaceIdentity[], passing: string): string {
  const [only, ...others] = workspaces;
  if (only && others.length === 0) return only.id;
  throw new AgentError(
    'Several workspaces are configured, and this call names none.',
    `Pass ${passing} with one of: ${list(workspaces)}.`,
  );
}

/** The workspaces that a call about all of them asks: the named one only, else every one. */
export function routeAll<Workspace extends WorkspaceIdentity>(
  named: string | undefined,
  workspaces: readonly Workspace[],
  parameter: 'workspace_id' | 'source_workspace_id' = 'source_workspace_id',
): readonly Workspace[] {
  const explicit = findNamed(named, workspaces, parameter);
  return explicit === null ? workspaces : workspaces.filter(({ id }) => id === explicit);
}

function choosePeer(named: string, answered: Answered | null): string {
  const wanted = named.trim().toLowerCase();
  if (answered) {
    const from = answered.message.peer_id.toLowerCase();
    if (!FROM_PEERS.has(answered.message.kind) || from === '') {
      throw new AgentError(
        `Message ${answered.message.activity_id} is not from a peer, so there is no peer to answer.`,
        'Answer a user with send_message_to_user; to give a peer a new task, leave out reply_to.',
      );
    }
    if (wanted !== '' && wanted !== from) {
      throw new AgentError(
        `Message ${answered.message.activity_id} is from peer ${from}, but workspace_id says ${wanted}.`,
        'Leave out workspace_id to answer its sender, or leave out reply_to to write to somebody else.',
      );
    }
    return checkPeer(from);
  }
  return checkPeer(wanted);
}

function checkPeer(peerId: string): string {
  const shown = peerId.slice(0, 80);
  if (isUuid(peerId)) return peerId;
  throw new AgentError(
    shown === '' ? 'No peer is named.' : `${JSON.stringify(shown)} is no workspace id.`,
    "Pass the peer's id as list_peers shows it (a UUID), not its name.",
  );
}

function chooseSource(
  peerId: string,
  request: {
    readonly sourceWorkspaceId?: string | undefined;
    readonly answered?: Answered | null;
    readonly knownThrough: readonly string[];
  },
  workspaces: readonly WorkspaceIdentity[],
): string {
  const { sourceWorkspaceId, answered, knownThrough } = request;
  if (sourceWorkspaceId || answered || workspaces.length === 1) {
    return routeAnswer(sourceWorkspaceId, workspaces, answered ?? null, 'source_workspace_id');
  }
  const through = workspaces.filter(({ id }) => knownThrough.includes(id));
  const [single, ...others] = through;
  if (single && others.length === 0) return single.id;
  throw new AgentError(
    single
      ? `Peer ${peerId} is known through several of the configured workspaces.`
      : `Several workspaces are configured, and none is known to reach peer ${peerId}.`,
    `Pass source_workspace_id with one of: ${list(single ? through : workspaces)}.`,
  );
}

function findNamed(
  named: string | undefined,
  workspaces: readonly WorkspaceIdentity[],
  parameter: string,
): string | null {
  const wanted = named?.trim().toLowerCase() ?? '';
  if (wanted === '') return null;
  const found = workspaces.find(({ id }) => id.toLowerCase() === wanted);
  if (found) return found.id;
  throw new AgentError(
    `${parameter} ${JSON.stringify(wanted.slice(0, 80))} is not a workspace of this agent.`,
    `Use one of: ${list(workspaces)}.`,
  );
}

function list(workspaces: readonly WorkspaceIdentity[]): string {
  return workspaces.map(({ id, platformUrl }) => `${id} (${platformUrl})`).join(', ');
}

/** Kinds of messages that another agent sent and may be answered with `delegate_task`. */
const FROM_PEERS: ReadonlySet<MessageKind> = new Set(['peer_agent', 'broadcast']);
