import type { AgentRequest, RequestAnswer } from '../inbox/requests.ts';
import type { Attachment, InboxMessage } from '../message.ts';

/**
 * What the agent's side may ask of the bridge. `adapters/mcp` turns each into a tool, a resource or a notification;
 * `src/bridge` implements them. Refusals that an agent can act on reject with an {@link AgentError}.
 */
export interface AgentPort {
  readonly inbox: InboxPort;
  readonly outbox: OutboxPort;
  readonly directory: DirectoryPort;
  readonly memories: MemoryPort;
  readonly requests: RequestsPort;
  /** Absent where nothing can be watched. */
  readonly watching?: WatchingPort;
  /** Workspaces this bridge was configured with, in order. */
  readonly workspaces: readonly WorkspaceIdentity[];
}

/** One configured workspace. */
export interface WorkspaceIdentity {
  readonly id: string;
  readonly platformUrl: string;
}

/** Recordings and a live inspector of this bridge, turned on and off while it runs. */
export interface WatchingPort {
  /**
   * Turns on what is `true`, off what is `false`, and leaves the rest; what was begun here is begun anew. What the user
   * has started by hand goes on as it is.
   */
  change(wish: WatchingWish): Promise<WatchingStatus>;
  /** The recordings that have ended by themselves, oldest first. */
  ended(): readonly EndedRecording[];
}

/** What is to be watched from now on. Message text stays out unless asked for. */
export interface WatchingWish {
  readonly record?: boolean;
  readonly inspect?: boolean;
  readonly withText: boolean;
}

/** What is watched. The URLs carry the inspector's secret and work on this machine only. */
export interface WatchingStatus {
  /** The files that are being written and can be ended here. */
  readonly recordings: readonly string[];
  /** The file of the user's own `--record`, which only the user ends; null without one. */
  readonly userRecording: string | null;
  readonly inspectorUrl: string | null;
  readonly statelyUrl: string | null;
  /** Whether the inspector is the user's own `--inspect`, which only the user ends. */
  readonly isUsersInspector: boolean;
  readonly ended: readonly EndedRecording[];
}

/** A recording that has ended before anybody ended it; the file holds what was seen until then. */
export interface EndedRecording {
  readonly path: string;
  /** Why, as the end of a sentence. */
  readonly reason: string;
}

/** The inbox over all workspaces. */
export interface InboxPort {
  /** Why there is no inbox (`MOLECULE_MCP_DISABLE_INBOX`), else null. */
  readonly disabledReason: string | null;
  /** Oldest first, durable and released only. */
  peek(request: PeekRequest): Promise<Peek>;
  /** Forgets a message; resolves once that is durable. `removed` false: no such message waits. */
  pop(activityId: string): Promise<{ readonly removed: boolean }>;
  /** The oldest message, at once or when one comes; null after `timeoutMs` or when `signal` fires. Never pops. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<InboxMessage | null>;
  /** A waiting message by id, else null. */
  find(activityId: string): Promise<InboxMessage | null>;
  /** How many messages wait, over all workspaces; synchronous, for the line that every tool result carries. */
  waiting(): number;
  status(): Promise<BridgeStatus>;
  /** Moves delivery of a workspace to this window. */
  claim(workspaceId: string): Promise<{ readonly claimed: boolean; readonly note: string }>;
}

/** `limit` messages from `offset`; `workspaceId` narrows. */
export interface PeekRequest {
  readonly limit: number;
  readonly offset?: number;
  readonly workspaceId?: string;
  /** Stop before the messages' JSON exceeds this; at least one message is returned. */
  readonly maxBytes?: number;
}

/** A page of the inbox. */
export interface Peek {
  readonly messages: readonly InboxMessage[];
  /** All that wait (in the narrowed scope). */
  readonly total: number;
  readonly has_more: boolean;
  /** Whose messages are missing here, since they cannot be asked for at present; absent when none are. */
  readonly failures?: readonly WorkspaceFailure[];
}

/** A workspace that an answer about several had to do without, and why. */
export interface WorkspaceFailure {
  readonly workspaceId: string;
  readonly reason: string;
}

/** What the agent sends. */
export interface OutboxPort {
  sendToUser(request: SendToUser, call: CallContext): Promise<SentToUser>;
  /** Waits for a push peer's answer at most `waitMs`; a poll peer's queued envelope is `accepted` (§6.5, W-12). */
  delegate(request: DelegateTask, call: CallContext): Promise<DelegationReply>;
  delegateAsync(request: DelegateTask, call: CallContext): Promise<AsyncDelegation>;
  checkTask(request: CheckTask, call: CallContext): Promise<Readonly<Record<string, unknown>>>;
}

/** Cancellation and progress of one tool call. */
export interface CallContext {
  readonly signal: AbortSignal;
  /** Present when the host asked for progress. */
  readonly progress?: (done: number, total: number | null, note: string) => void;
}

/** Words for the user, with local files. */
export interface SendToUser {
  readonly message: string;
  /** Local paths. */
  readonly attachments: readonly string[];
  readonly workspaceId?: string;
  /** The message it answers: routes the answer and pops it once accepted. */
  readonly replyTo?: string;
}

/** What was sent, from where, and which message it answered and thereby popped. */
export interface SentToUser {
  readonly workspaceId: string;
  readonly attachments: number;
  readonly popped: string | null;
  /** What the agent should know about it, one or two sentences. */
  readonly note?: string;
}

/** A task or an answer for a peer. */
export interface DelegateTask {
  /** The peer. */
  readonly workspaceId: string;
  readonly task: string;
  readonly sourceWorkspaceId?: string;
  readonly replyTo?: string;
  readonly waitMs?: number;
  /** Runs the task anew although the platform had this very task before (asynchronous delegation only, W-59). */
  readonly again?: boolean;
}

/** `answered` carries the peer's text; `accepted` and `waiting` mean that the answer will arrive as a message. */
export interface DelegationReply {
  readonly status: 'answered' | 'accepted' | 'waiting';
  readonly text: string;
  readonly sourceWorkspaceId: string;
  readonly popped: string | null;
  /** Under this a late answer comes (`delegation_id` of the message) and `check_task_status` knows it. */
  readonly delegationId?: string;
}

/** A delegation that the platform has taken (§8.1). */
export interface AsyncDelegation {
  readonly delegationId: string;
  readonly status: string;
  /** The platform had this very task already (§8.1). */
  readonly repeated: boolean;
  readonly sourceWorkspaceId: string;
  readonly popped: string | null;
}

/** Which delegation to ask about; without an id the latest ones. */
export interface CheckTask {
  readonly taskId?: string;
  readonly sourceWorkspaceId?: string;
}

/** Who and what is around. */
export interface DirectoryPort {
  listPeers(sourceWorkspaceId: string | undefined, call: CallContext): Promise<PeerList>;
  describeWorkspace(
    sourceWorkspaceId: string | undefined,
    call: CallContext,
  ): Promise<Readonly<Record<string, unknown>>>;
  history(request: HistoryRequest, call: CallContext): Promise<readonly HistoryEntry[]>;
}

/** The peers that could be listed. */
export interface PeerList {
  readonly peers: readonly Peer[];
  /** Workspaces that could not be asked (W-63). */
  readonly failures: readonly WorkspaceFailure[];
}

/** A peer as the registry shows it (§10.1); name and role are what somebody typed. */
export interface Peer {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly status: string;
  /** The own workspace through which it is reached. */
  readonly via: string;
}

/** A stretch of the conversation with a peer, newest last. */
export interface HistoryRequest {
  readonly peerId: string;
  readonly limit: number;
  readonly beforeTs?: string;
  readonly sourceWorkspaceId?: string;
}

/** One thing that was said, as `chat_history` shows it. */
export interface HistoryEntry {
  readonly activity_id: string;
  readonly created_at: string;
  readonly direction: 'from_peer' | 'to_peer' | 'from_user' | 'to_user' | 'notice';
  readonly text: string;
  /** The characters of the whole text, where only its beginning is shown. */
  readonly cut_from_chars?: number;
  readonly method?: string;
  readonly status?: string;
  readonly error_detail?: string;
  readonly attachments?: readonly Attachment[];
  /** The body as sent, where no words could be read out of it; its files point at their local paths. */
  readonly body?: unknown;
}

/** Memories (§9, §15.9). */
export interface MemoryPort {
  commit(
    request: { readonly content: string; readonly scope: string; readonly sourceWorkspaceId?: string },
    call: CallContext,
  ): Promise<{ readonly id: string; readonly scope: string }>;
  recall(
    request: { readonly query: string; readonly scope: string; readonly sourceWorkspaceId?: string },
    call: CallContext,
  ): Promise<readonly { readonly scope: string; readonly content: string }[]>;
}

/** Tasks and approvals that others ask of this agent (§15.10). */
export interface RequestsPort {
  /** The open ones, newest first per workspace; a workspace that could not be asked is named with the reason. */
  list(request: { readonly sourceWorkspaceId?: string }, call: CallContext): Promise<RequestList>;
  /** Settles one, or asks its author for more; its message then leaves the inbox. */
  respond(request: RespondToRequest, call: CallContext): Promise<RespondedRequest>;
}

/** The requests that could be listed. */
export interface RequestList {
  readonly requests: readonly ListedRequest[];
  readonly failures: readonly WorkspaceFailure[];
}

/** A request, and which of the own workspaces is asked. */
export interface ListedRequest extends AgentRequest {
  readonly workspaceId: string;
  /** The agent's question and what was answered, oldest first; only where it has asked and this could be read. */
  readonly remarks?: readonly RequestRemark[];
}

/** Something said about a request. */
export interface RequestRemark {
  /** Whether the agent itself said it. */
  readonly own: boolean;
  readonly text: string;
}

/** An answer to a request; `words` go with it, and are the question of an `ask`. */
export interface RespondToRequest {
  readonly requestId: string;
  readonly answer: RequestAnswer;
  readonly words?: string;
  readonly sourceWorkspaceId?: string;
}

/** How the request stands now, and the message that left the inbox. */
export interface RespondedRequest {
  readonly status: string;
  readonly popped: string | null;
  /** It stood so already: nothing was written. */
  readonly repeated: boolean;
}

/** The state of the whole bridge, for `inbox_status` and `doctor`. */
export interface BridgeStatus {
  readonly waiting: number;
  readonly oldestAt: string | null;
  readonly workspaces: readonly WorkspaceStatus[];
}

/** How one workspace stands. */
export interface WorkspaceStatus {
  readonly workspaceId: string;
  readonly platformUrl: string;
  /** The machine's state in words: registering, online, backing off, revoked, removed, standing by … */
  readonly phase: string;
  readonly delivery: 'delivering' | 'standby';
  /** The window that delivers it, when that is another one and it answers: its process, and its workspace's phase there. */
  readonly deliveredBy?: { readonly pid: number; readonly phase: string };
  readonly online: boolean;
  readonly lastPollAt: string | null;
  readonly lastHeartbeatAt: string | null;
  readonly waiting: number;
  /** When the oldest message that waits was written, as its row says; null when none waits. */
  readonly oldestAt: string | null;
  readonly offered: number;
  /** When an agent last read messages in the window that delivers; null for never. */
  readonly lastReadAt: string | null;
  /** What has to be looked at though nothing fails: "12 offered, none taken in 10 minutes"; else null. */
  readonly attention: string | null;
  /** Rows that the platform keeps and that were not read, at most a page of them; null where that is not known. */
  readonly unread: number | null;
  readonly held: number;
  readonly filesPending: number;
  readonly unreadableRows: number;
  readonly lastError: string | null;
  /** What the server can do, as found (§15.14). */
  readonly features: readonly string[];
}

/** A refusal that the agent can act on: `message` says what happened and `advice` what to do next. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly advice: string;

  constructor(message: string, advice: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.advice = advice;
  }
}
