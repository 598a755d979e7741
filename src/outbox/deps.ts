import type { PeerSightings } from '../directory/peer-sightings.ts';
import type { InboxMessage } from '../domain/message.ts';
import type { WorkspaceIdentity } from '../domain/ports/agent.ts';
import type { WorkspacePlatform } from '../domain/ports/platform.ts';
import type { Clock, Logger } from '../domain/ports/runtime.ts';
import type { Answered } from '../domain/workspaces/routing.ts';
import type { OwnUploads } from './own-uploads.ts';
import type { TaskBoard } from './task-board.ts';

/** A configured workspace as those see it who speak with its identity. */
export interface OwnWorkspace extends WorkspaceIdentity {
  readonly platform: WorkspacePlatform;
  /**
   * Whether its rows carry `seq`, as far as found (§15.14). Such a server knows a repeated `messageId` (§15.5), cuts the
   * summary of a `notify` between characters (§15.8) and shows an agent's files in its canvas (§15.7). False while unknown.
   */
  readonly rowsCarrySeq: () => boolean;
}

/** What the outbox needs of the inbox. */
export interface AnswerableInbox {
  /** A waiting message, over all workspaces, with the workspace at which it arrived; else null. */
  find(activityId: string): Promise<Answered | null>;
  /** Commits `message.popped` by `answer`; false when it had left meanwhile. */
  popAnswered(workspaceId: string, activityId: string): Promise<boolean>;
  /** The workspaces at which messages of a peer arrived, as far as known. */
  arrivedThrough(peerId: string): Promise<readonly string[]>;
  /**
   * Makes an answer that came after its call had returned durable in the inbox of `workspaceId`, as a message of its
   * own, released at once and offered like any other. Its `activity_id` is a fresh UUID.
   */
  deliverLateAnswer(workspaceId: string, message: InboxMessage): Promise<void>;
}

/** What decides which local files may be attached; paths need not be resolved. */
export interface AttachmentSources {
  /** `MOLECULE_ATTACH_ROOTS`; null when it is not set. */
  readonly configuredRoots: readonly string[] | null;
  /** The host's MCP roots as local paths; null when it does not offer any. */
  readonly offeredRoots: () => Promise<readonly string[] | null>;
  /** The state directory, and where files are staged. */
  readonly closedFolders: readonly string[];
  /** The workspace whose log names this absolute path as a staged file; null for any other path. Rejects when that cannot be told. */
  readonly stagedAt: (path: string) => Promise<string | null>;
  readonly workingDirectory: string;
  readonly homeDirectory: string;
}

/** Everything that the outbox is made of. */
export interface OutboxDeps {
  readonly workspaces: readonly OwnWorkspace[];
  readonly inbox: AnswerableInbox;
  readonly attachments: AttachmentSources;
  /** Shared with whoever fetches uploads. */
  readonly ownUploads: OwnUploads;
  /** Shared with the directory. */
  readonly peers: PeerSightings;
  /** Shared with the heartbeats. */
  readonly tasks: TaskBoard;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Fires when the bridge stops: ends sends that still wait for an answer. */
  readonly stopping: AbortSignal;
  /** Pauses before a repeat of what surely has not arrived, milliseconds; default 0.5 s, 2 s. */
  readonly repeatPausesMs?: readonly number[];
  /** Between two looks at a busy peer's queue (§6.7) or at a delegation (§8.2), milliseconds; default 15 s. */
  readonly lookEveryMs?: number;
}

/** The configured workspace of an id that routing has chosen. */
export function workspaceOf(workspaces: readonly OwnWorkspace[], id: string): OwnWorkspace {
  const found = workspaces.find((workspace) => workspace.id === id);
  if (!found) throw new Error('routing chose a workspace that is not configured');
  return found;
}

/** How often is looked for an answer that nobody pushes. */
export const LOOK_EVERY_MS = 15_000;
