import type { ByteSource } from './bytes.ts';

/**
 * What the bridge asks of the platform for one workspace; `adapters/platform` is the one implementation.
 * Every method rejects with a {@link PlatformError} only, keeps a total deadline of its own, follows no redirect and
 * retries nothing: pacing and repeats belong to the machines.
 */
export interface WorkspacePlatform {
  /** `POST /registry/register` (§3.1). An `auth_token` in the reply is not handed on (issue "Revoked or removed"). */
  register(card: AgentCard, signal: AbortSignal): Promise<Registration>;
  /** `POST /registry/heartbeat` (§3.2). */
  heartbeat(beat: Heartbeat, signal: AbortSignal): Promise<HeartbeatReply>;
  /** `GET /workspaces/:id/activity?type=a2a_receive` (§4). */
  readActivity(query: FeedQuery, signal: AbortSignal): Promise<FeedPage>;
  /** `GET /workspaces/:id` (§10.4): rejects with kind `removed` on 410 or a JSON 404. */
  describe(signal: AbortSignal): Promise<WorkspaceFacts>;
  /**
   * `GET /workspaces/:id/events/stream` (§12.1): tells each frame as it comes; resolves or rejects when the stream ends,
   * dead after 60 s of silence. Told and not iterated: a thousand quiet streams are held open at once.
   */
  wakeUps(onFrame: OnFrame, signal: AbortSignal): Promise<void>;
  /**
   * `GET …/pending-uploads/:file_id/content` (§7.4): headers checked, bytes still to be read from `body`. `announcedType`
   * is the type that the upload's row named: a web page is refused when another was (W-33).
   */
  openUpload(fileId: string, signal: AbortSignal, announcedType?: string): Promise<UploadDownload>;
  /** `POST …/pending-uploads/:file_id/ack` (§7.5); a 404 counts as done. */
  acknowledgeUpload(fileId: string, signal: AbortSignal): Promise<void>;
  /** `POST /workspaces/:id/notify` (§5.2). */
  notifyUser(message: string, attachments: readonly UploadedFile[], signal: AbortSignal): Promise<void>;
  /** `POST /workspaces/:id/chat/uploads` of own files (§7.6), streamed from disk. */
  uploadFiles(
    files: readonly OutgoingFile[],
    signal: AbortSignal,
    onProgress?: (sentBytes: number) => void,
  ): Promise<readonly UploadedFile[]>;
  /** `POST /workspaces/:peer/a2a` as this workspace (§6): the raw reply, still to be read by `readPeerReply`. */
  sendToPeer(peerId: string, message: OutgoingMessage, signal: AbortSignal): Promise<unknown>;
  /** `POST /workspaces/:id/activity` (§5.1). */
  reportActivity(report: ActivityReport, signal: AbortSignal): Promise<void>;
  /** Any other JSON call of this workspace (peers, delegations, memories, history, probes): path below the base URL. */
  call(request: PlatformCall, signal: AbortSignal): Promise<PlatformReply>;
  /** Closes idle sockets and aborts what is in flight. */
  close(): void;
}

/** The agent card of `register` (§3.1). */
export interface AgentCard {
  readonly name: string;
  readonly skills: readonly { readonly name: string }[];
  readonly description?: string;
}

/** A successful registration. */
export interface Registration {
  readonly deliveryMode: string;
}

/** What a heartbeat says (§3.2); all fields are overwritten on the server each time. */
export interface Heartbeat {
  readonly errorRate: number;
  readonly sampleError: string;
  readonly activeTasks: number;
  readonly uptimeSeconds: number;
  readonly currentTask: string;
  readonly runtimeState: '' | 'wedged';
  /** HEAD (§15.15): the highest handled `generation`; omitted when none was received. */
  readonly observedGeneration?: number;
  /** HEAD (§15.11): whether the agent works on something. */
  readonly isBusy?: boolean;
  /** HEAD (§15.11): the host that speaks MCP with us. */
  readonly host?: HostPresence;
}

/** Whether an agent's host is there, and since when it can use our tools: milliseconds since the epoch, null before. */
export interface HostPresence {
  readonly isPresent: boolean;
  readonly readyAtMs: number | null;
}

/** The reply to a heartbeat. */
export interface HeartbeatReply {
  /** HEAD (§15.15); absent on May servers. */
  readonly generation?: number;
}

/** One page's query (§4.1); `limit` is at most 500. */
export interface FeedQuery {
  readonly sinceId?: string;
  readonly sinceSecs?: number;
  /** RFC 3339; strict `<`. */
  readonly beforeTs?: string;
  /** Rows of every type, not only `a2a_receive`: broadcasts are of another (§15.4). */
  readonly everyType?: true;
  readonly limit: number;
}

/** One page as served: ascending with `sinceId`, newest first without (§4.2); rows are not yet checked. */
export interface FeedPage {
  readonly rows: readonly unknown[];
  /** The server's clock from its `Date` header, microseconds since the epoch, whole seconds; null without one. */
  readonly serverNowMicros: number | null;
}

/** What `GET /workspaces/:id` tells about a living workspace. */
export interface WorkspaceFacts {
  readonly name: string;
  readonly status: string;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** One frame of the wake-up stream: only ever a hint to poll. `open` comes first, once the server has answered. */
export interface WakeUp {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Hears of each frame as it comes; must not throw. */
export type OnFrame = (frame: WakeUp) => void;

/** An upload's bytes on their way. */
export interface UploadDownload {
  /** From `Content-Length`; null when the server sent none. */
  readonly contentLength: number | null;
  readonly mimeType: string;
  /** Rejects on a broken, stalled or timed-out transfer. */
  readonly body: ByteSource;
}

/** A file to send up, already allowed and opened for reading by its owner. */
export interface OutgoingFile {
  readonly name: string;
  readonly mimeType: string;
  readonly size: number;
  /** Opens the bytes; called once. */
  open(): AsyncIterable<Uint8Array>;
}

/** A file as the platform took it (§7.1). */
export interface UploadedFile {
  readonly uri: string;
  readonly name: string;
  readonly mimeType?: string;
  readonly size?: number;
}

/** One logical send: the same `messageId` whenever it is repeated (W-13). */
export interface OutgoingMessage {
  readonly messageId: string;
  readonly text: string;
}

/** A self-report (§5.1). */
export interface ActivityReport {
  readonly activityType: string;
  readonly method?: string;
  readonly summary?: string;
  readonly targetId?: string;
  readonly status?: string;
  readonly requestBody?: unknown;
  readonly responseBody?: unknown;
}

/** A call that needs no method of its own. `as` adds `X-Workspace-ID`. */
export interface PlatformCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly identify?: boolean;
  /** Nobody waits for the answer: where requests are counted, more urgent ones leave first. */
  readonly canWait?: boolean;
}

/** A 2xx reply with its parsed body (`null` when empty). */
export interface PlatformReply {
  readonly status: number;
  readonly body: unknown;
}
