import type { Handler } from '../../../adapters/delivery-lock/delivery-lock.ts';
import type { WorkspaceStatus } from '../../domain/ports/agent.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Inbox } from '../inbox/inbox.ts';
import { hasMessageFrom, uploadsIn } from './known.ts';
import { readWindowRequest } from './window-request.ts';

/** A delivered workspace, as other windows may use it. */
export interface ServedWorkspace {
  readonly ledger: Pick<Ledger, 'commit' | 'state'>;
  /** Its share of the inbox alone; messages do not say where they arrived: each window does so by its own configuration. */
  readonly inbox: Inbox;
  readonly status: () => Promise<WorkspaceStatus>;
}

/** What every answer between windows carries: the result, and how many messages wait by then. */
export interface WindowReply {
  readonly result: unknown;
  readonly waiting: number;
}

/** Answers the windows that stand by; `open` resolves with a workspace once its log is open here, found by its lock's key. */
export function serveWindows(open: (key: string, signal: AbortSignal) => Promise<ServedWorkspace>): Handler {
  return async (key, request, signal): Promise<WindowReply> => {
    const asked = readWindowRequest(request);
    const workspace = await open(key, signal);
    const result = await carryOut(asked, workspace, signal);
    return { result, waiting: workspace.inbox.waiting() };
  };
}

async function carryOut(
  request: ReturnType<typeof readWindowRequest>,
  { inbox, ledger, status }: ServedWorkspace,
  signal: AbortSignal,
): Promise<unknown> {
  switch (request.do) {
    case 'peek': {
      const { limit, offset, maxBytes = Number.POSITIVE_INFINITY } = request;
      return inbox.peek({ limit, offset, maxBytes });
    }
    case 'pop':
      return inbox.pop(request.activityId, request.by);
    case 'wait':
      return inbox.wait(request.timeoutMs, signal);
    case 'find':
      return inbox.find(request.activityId)?.message ?? null;
    case 'uploads':
      return uploadsIn(ledger.state, request.fileIds);
    case 'hasMessageFrom':
      return hasMessageFrom(ledger.state, request.peerId);
    case 'status':
      return { pid: process.pid, status: await status() };
    case 'record':
      await ledger.commit(request.command);
      return null;
  }
}
