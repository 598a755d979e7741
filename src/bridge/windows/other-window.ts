import type { DeliveryLock } from '../../../adapters/delivery-lock/delivery-lock.ts';
import type { Upload } from '../../domain/files/upload.ts';
import type { InboxMessage } from '../../domain/message.ts';
import { AgentError, type Peek, type PeekRequest, type WorkspaceStatus } from '../../domain/ports/agent.ts';
import type { WindowReply } from './serve-windows.ts';
import type { RecordCommand, WindowRequest } from './window-request.ts';

/** A workspace that this window does not deliver (now), used through the window that does. */
export interface OtherWindow {
  peek(request: PeekRequest): Promise<Peek>;
  pop(activityId: string, by: 'pop' | 'answer'): Promise<{ readonly removed: boolean }>;
  wait(timeoutMs: number, signal: AbortSignal): Promise<InboxMessage | null>;
  find(activityId: string): Promise<InboxMessage | null>;
  /** Those of these files that its log knows. */
  uploads(fileIds: readonly string[]): Promise<readonly Upload[]>;
  hasMessageFrom(peerId: string): Promise<boolean>;
  status(): Promise<{ readonly pid: number; readonly status: WorkspaceStatus }>;
  record(command: RecordCommand): Promise<void>;
  /** How many messages waited there when it last answered. */
  waiting(): number;
}

/** What asking another window takes. */
export interface OtherWindowParts {
  readonly lock: Pick<DeliveryLock, 'ask'>;
  readonly key: string;
  readonly workspaceId: string;
  /** Whether messages say where they arrived. */
  readonly named: boolean;
  /** Why nobody may be delivering, as far as this window knows. */
  readonly trouble: () => string | null;
  readonly stopping: AbortSignal;
}

/**
 * Asks whichever window delivers the workspace; its words are believed, since only the same user's processes are reached.
 * Rejects with an `AgentError` when none answers in time, or when it says why it cannot.
 */
export function createOtherWindow(parts: OtherWindowParts): OtherWindow {
  const { lock, key, workspaceId, named, trouble, stopping } = parts;
  let waiting = 0;

  async function ask(
    request: WindowRequest,
    withinMs = ANSWER_WITHIN_MS,
    signal = stopping,
  ): Promise<unknown> {
    const deadline = AbortSignal.any([signal, stopping, AbortSignal.timeout(Math.ceil(withinMs))]);
    try {
      const reply = (await lock.ask(key, request, deadline)) as WindowReply;
      waiting = reply.waiting;
      return reply.result;
    } catch (error) {
      signal.throwIfAborted();
      throw refusal(error);
    }
  }

  function refusal(error: unknown): AgentError {
    const why = trouble() ?? (error instanceof Error ? error.message : String(error));
    return new AgentError(
      `The inbox of workspace ${workspaceId} cannot be used at present: ${why}.`,
      'Nothing is lost. inbox_status says who delivers it and what is wrong, inbox_claim lets this window deliver it; else try again in a moment.',
      error,
    );
  }

  const arrived = (message: InboxMessage): InboxMessage =>
    named ? { ...message, arrival_workspace_id: workspaceId } : message;

  return {
    async peek({ limit, offset = 0, maxBytes }) {
      const peek = (await ask({
        do: 'peek',
        limit,
        offset,
        maxBytes: Math.min(maxBytes ?? MOST_BYTES, MOST_BYTES),
      })) as Peek;
      return { ...peek, messages: peek.messages.map(arrived) };
    },
    pop: async (activityId, by) => (await ask({ do: 'pop', activityId, by })) as { removed: boolean },
    async wait(timeoutMs, signal) {
      const message = await ask({ do: 'wait', timeoutMs }, timeoutMs + ANSWER_WITHIN_MS, signal);
      return message === null ? null : arrived(message as InboxMessage);
    },
    async find(activityId) {
      const message = await ask({ do: 'find', activityId });
      return message === null ? null : arrived(message as InboxMessage);
    },
    uploads: async (fileIds) => (await ask({ do: 'uploads', fileIds }, SOON_MS)) as readonly Upload[],
    hasMessageFrom: async (peerId) => (await ask({ do: 'hasMessageFrom', peerId }, SOON_MS)) as boolean,
    status: async () => (await ask({ do: 'status' }, SOON_MS)) as { pid: number; status: WorkspaceStatus },
    async record(command) {
      await ask({ do: 'record', command });
    },
    waiting: () => waiting,
  };
}

/** Long enough for delivery to change hands. */
const ANSWER_WITHIN_MS = 6_000;
/** For what only adds to an answer. */
const SOON_MS = 1_500;
/** Half of the longest line that windows exchange. */
const MOST_BYTES = 32 * 1024 * 1024;
