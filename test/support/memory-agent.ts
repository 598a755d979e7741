import type { InboxMessage } from '../../src/domain/message.ts';
import type {
  AgentPort,
  DelegateTask,
  InboxPort,
  PeekRequest,
  SendToUser,
} from '../../src/domain/ports/agent.ts';

/** An agent port over plain arrays, for tests of the MCP protocol alone; the bridge behind it is tested elsewhere. */
export interface MemoryAgent extends AgentPort {
  /** Puts a message into the inbox and wakes who waits. */
  arrive(message: Partial<InboxMessage>): InboxMessage;
  /** Everything that was asked of the outbox, directory and memories, oldest first. */
  readonly asked: Asked[];
  /** The next call of that name rejects with this. */
  failNext(name: string, error: Error): void;
  /** Answers of that name come from here instead. */
  answer(name: string, answer: (request: unknown, signal: AbortSignal) => unknown): void;
  inboxDisabledBecause(reason: string): void;
  /** The status says of the workspace that somebody has to look at it. */
  needsAttention(why: string): void;
  /** The status says what went wrong last. */
  lastError(what: string): void;
}

/** One call. */
export interface Asked {
  readonly name: string;
  readonly request: unknown;
  readonly hasProgress: boolean;
}

export const OWN_WORKSPACE = 'aaaaaaaa-0000-4000-8000-000000000001';
export const PEER = 'bbbbbbbb-0000-4000-8000-000000000009';

/** An empty {@link MemoryAgent} with one workspace. */
export function memoryAgent(): MemoryAgent {
  const waiting = new Map<string, InboxMessage>();
  const wakers = new Set<() => void>();
  const asked: Asked[] = [];
  const failures = new Map<string, Error>();
  const answers = new Map<string, (request: unknown, signal: AbortSignal) => unknown>();
  let disabledReason: string | null = null;
  let attention: string | null = null;
  let lastError: string | null = null;
  let arrivals = 0;

  /** Notes the call, then fails or answers as told, or else as `usual`. */
  async function ask<T>(
    name: string,
    request: unknown,
    call: { signal: AbortSignal; progress?: unknown },
    usual: () => T,
  ): Promise<T> {
    asked.push({ name, request, hasProgress: call.progress !== undefined });
    const failure = failures.get(name);
    failures.delete(name);
    if (failure !== undefined) throw failure;
    const told = answers.get(name);
    return told === undefined ? usual() : ((await told(request, call.signal)) as T);
  }

  /** As the outbox does: an accepted answer takes the message it names out of the inbox. */
  function popAnswered(replyTo: string | undefined): string | null {
    return replyTo !== undefined && waiting.delete(replyTo) ? replyTo : null;
  }

  const inbox: InboxPort = {
    get disabledReason() {
      return disabledReason;
    },
    async peek({ limit, offset = 0, workspaceId, maxBytes = Number.POSITIVE_INFINITY }: PeekRequest) {
      const inScope = [...waiting.values()].filter(
        (message) => workspaceId === undefined || message.arrival_workspace_id === workspaceId,
      );
      const messages: InboxMessage[] = [];
      let bytes = 0;
      for (const message of inScope.slice(offset, offset + limit)) {
        bytes += JSON.stringify(message).length;
        if (bytes > maxBytes && messages.length > 0) break;
        messages.push(message);
      }
      return { messages, total: inScope.length, has_more: offset + messages.length < inScope.length };
    },
    pop: async (activityId) => ({ removed: waiting.delete(activityId) }),
    async wait(timeoutMs, signal) {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const [oldest] = waiting.values();
        const leftMs = deadline - performance.now();
        if (oldest !== undefined || leftMs <= 0 || signal.aborted) return oldest ?? null;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(wake, leftMs);
          function wake(): void {
            clearTimeout(timer);
            signal.removeEventListener('abort', wake);
            wakers.delete(wake);
            resolve();
          }
          signal.addEventListener('abort', wake);
          wakers.add(wake);
        });
      }
    },
    find: async (activityId) => waiting.get(activityId) ?? null,
    waiting: () => waiting.size,
    status: async () => ({
      waiting: waiting.size,
      oldestAt: waiting.values().next().value?.created_at ?? null,
      workspaces: [
        {
          workspaceId: OWN_WORKSPACE,
          platformUrl: 'https://plat.example',
          phase: 'online',
          delivery: 'delivering',
          online: true,
          lastPollAt: '2026-05-05T00:00:00.000Z',
          lastHeartbeatAt: null,
          waiting: waiting.size,
          oldestAt: waiting.values().next().value?.created_at ?? null,
          lastReadAt: null,
          attention,
          unread: 0,
          offered: 0,
          held: 0,
          filesPending: 0,
          unreadableRows: 0,
          lastError,
          features: [],
        },
      ],
    }),
    claim: async () => ({ claimed: true, note: 'this window delivers now' }),
  };

  return {
    workspaces: [{ id: OWN_WORKSPACE, platformUrl: 'https://plat.example' }],
    inbox,
    outbox: {
      sendToUser: (request: SendToUser, call) =>
        ask('sendToUser', request, call, () => ({
          workspaceId: request.workspaceId ?? OWN_WORKSPACE,
          attachments: request.attachments.length,
          popped: popAnswered(request.replyTo),
        })),
      delegate: (request: DelegateTask, call) =>
        ask('delegate', request, call, () => ({
          status: 'answered',
          text: `you said: ${request.task}`,
          sourceWorkspaceId: request.sourceWorkspaceId ?? OWN_WORKSPACE,
          popped: popAnswered(request.replyTo),
        })),
      delegateAsync: (request: DelegateTask, call) =>
        ask('delegateAsync', request, call, () => ({
          delegationId: 'dddddddd-0000-4000-8000-000000000001',
          status: 'delegated',
          repeated: false,
          sourceWorkspaceId: request.sourceWorkspaceId ?? OWN_WORKSPACE,
          popped: popAnswered(request.replyTo),
        })),
      checkTask: (request, call) => ask('checkTask', request, call, () => ({ delegations: [], count: 0 })),
    },
    directory: {
      listPeers: (source, call) =>
        ask('listPeers', source, call, () => ({
          peers: [{ id: PEER, name: 'ops-agent', role: 'sre', status: 'online', via: OWN_WORKSPACE }],
          failures: [],
        })),
      describeWorkspace: (source, call) =>
        ask('describeWorkspace', source, call, () => ({ id: OWN_WORKSPACE, name: 'Ann' })),
      history: (request, call) => ask('history', request, call, () => []),
    },
    requests: {
      list: (request, call) => ask('requests.list', request, call, () => ({ requests: [], failures: [] })),
      respond: (request, call) =>
        ask('requests.respond', request, call, () => ({
          status: request.answer,
          popped: popAnswered(request.requestId),
          repeated: false,
        })),
    },
    memories: {
      commit: (request, call) => ask('commit', request, call, () => ({ id: 'm-1', scope: request.scope })),
      recall: (request, call) =>
        ask('recall', request, call, () => [{ scope: 'LOCAL', content: 'tea at four' }]),
    },
    asked,
    arrive(part) {
      arrivals += 1;
      const message: InboxMessage = {
        activity_id: `cccccccc-0000-4000-8000-${String(arrivals).padStart(12, '0')}`,
        text: 'hello',
        peer_id: '',
        kind: 'canvas_user',
        method: 'message/send',
        created_at: '2026-05-01T00:00:00Z',
        ...part,
      };
      waiting.set(message.activity_id, message);
      for (const wake of [...wakers]) wake();
      return message;
    },
    failNext: (name, error) => failures.set(name, error),
    answer: (name, answer) => answers.set(name, answer),
    inboxDisabledBecause(reason) {
      disabledReason = reason;
    },
    needsAttention(why) {
      attention = why;
    },
    lastError(what) {
      lastError = what;
    },
  };
}
