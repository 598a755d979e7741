import { setTimeout as pause } from 'node:timers/promises';
import type { Observable } from 'rxjs';
import type { InboxMessage } from '../../domain/message.ts';
import { AgentError, type Peek, type PeekRequest, type WorkspaceFailure } from '../../domain/ports/agent.ts';
import { StorageError } from '../../domain/ports/storage.ts';
import type { Inbox } from '../inbox/inbox.ts';
import { mergePeeks } from './merge-peeks.ts';
import type { OtherWindow } from './other-window.ts';

/** The inbox as an agent in this window sees it: the same whichever windows deliver its workspaces. */
export interface WindowInbox {
  peek(request: PeekRequest): Promise<Peek>;
  pop(activityId: string, by: 'pop' | 'answer'): Promise<{ readonly removed: boolean }>;
  /** The oldest message, as soon as there is one; null when none comes in time. Rejects when nobody could be asked for a while. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<InboxMessage | null>;
  find(activityId: string): Promise<{ readonly workspaceId: string; readonly message: InboxMessage } | null>;
  waiting(): number;
}

/** What it is made of. */
export interface WindowInboxParts {
  /** What this window delivers. */
  readonly local: Inbox;
  /** Whether this window delivers a workspace now. */
  readonly delivers: (workspaceId: string) => boolean;
  /** Every configured workspace, as reached through whoever delivers it. */
  readonly others: ReadonlyMap<string, OtherWindow>;
  /** Emits when this window has begun or ceased to deliver a workspace. */
  readonly moved$: Observable<unknown>;
}

/** Joins what this window delivers and what others do. */
export function createWindowInbox({ local, delivers, others, moved$ }: WindowInboxParts): WindowInbox {
  const elsewhere = () => [...others].filter(([workspaceId]) => !delivers(workspaceId));

  function sharesOf(workspaceId: string | undefined): Share[] {
    const apart = elsewhere().filter(([id]) => workspaceId === undefined || id === workspaceId);
    const here = apart.length === 0 || apart.length < others.size;
    return [
      ...(here ? [localShare(workspaceId)] : []),
      ...apart.map(([id, { peek, wait }]) => ({ workspaceId: id, peek, wait })),
    ];
  }

  function localShare(workspaceId: string | undefined): Share {
    const scope = workspaceId === undefined ? {} : { workspaceId };
    return {
      peek: async (request) => local.peek({ ...request, ...scope }),
      wait: (timeoutMs, signal) => local.wait(timeoutMs, signal),
    };
  }

  async function peek({ workspaceId, ...request }: PeekRequest): Promise<Peek> {
    const shares = sharesOf(workspaceId);
    const [only] = shares;
    if (only && shares.length === 1) return only.peek(request);
    const whole = { limit: request.limit + (request.offset ?? 0), offset: 0 };
    const peeks = await Promise.allSettled(shares.map((share) => share.peek(whole)));
    // One workspace that cannot be asked hides no other, and is named.
    const failures = peeks.flatMap((peek, index) => failureOf(peek, shares[index]));
    const page = mergePeeks(someOf(peeks), request);
    return failures.length === 0 ? page : { ...page, failures };
  }

  return {
    peek,

    async pop(activityId, by) {
      if (local.find(activityId)) return local.pop(activityId, by).catch(refuse);
      const pops = await Promise.allSettled(elsewhere().map(([, window]) => window.pop(activityId, by)));
      const removed = pops.some((pop) => pop.status === 'fulfilled' && pop.value.removed);
      const failed = pops.find((pop) => pop.status === 'rejected');
      if (failed && !removed) throw failed.reason;
      return { removed };
    },

    async wait(timeoutMs, signal) {
      const giveUpAt = performance.now() + timeoutMs;
      let failingSince: number | null = null;
      for (;;) {
        const page = await peek({ limit: 1 }).catch((error: unknown) => {
          failingSince ??= performance.now();
          // While delivery changes hands, for a moment nobody can be asked.
          if (performance.now() >= Math.min(giveUpAt, failingSince + PATIENCE_MS)) throw error;
          return null;
        });
        if (page) failingSince = null;
        const [first] = page?.messages ?? [];
        const leftMs = giveUpAt - performance.now();
        if (first) return first;
        if (leftMs <= 0 || signal.aborted) return null;
        const outcome = page ? await firstOf(sharesOf(undefined), leftMs, signal, moved$) : 'interrupted';
        if (outcome !== 'interrupted') return outcome;
        // A window has ended or did not answer; whoever delivers by then is asked next.
        await pause(ASK_AGAIN_AFTER_MS, undefined, { signal, ref: false }).catch(() => {});
      }
    },

    async find(activityId) {
      const here = local.find(activityId);
      if (here) return here;
      const finds = await Promise.allSettled(
        elsewhere().map(async ([workspaceId, window]) => {
          const message = await window.find(activityId);
          return message && { workspaceId, message };
        }),
      );
      return someOf(finds).find((found) => found !== null) ?? null;
    },

    waiting: () => elsewhere().reduce((sum, [, window]) => sum + window.waiting(), local.waiting()),
  };
}

/** A part of the inbox that is asked as one; `workspaceId` names it when another window keeps it. */
interface Share {
  readonly workspaceId?: string;
  peek(request: PeekRequest): Promise<Peek>;
  wait(timeoutMs: number, signal: AbortSignal): Promise<InboxMessage | null>;
}

/** The first message that comes anywhere; null when none comes; `interrupted` when a share failed or moved before. */
async function firstOf(
  shares: readonly Share[],
  timeoutMs: number,
  signal: AbortSignal,
  moved$: Observable<unknown>,
): Promise<InboxMessage | null | 'interrupted'> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const moves = moved$.subscribe(() => over.abort());
  const waits = shares.map(async (share) => {
    const message = await share.wait(timeoutMs, either).catch(() => 'interrupted' as const);
    if (message === null) throw NONE;
    return message;
  });
  try {
    return await Promise.any(waits);
  } catch {
    return over.signal.aborted ? 'interrupted' : null;
  } finally {
    moves.unsubscribe();
    over.abort();
  }
}

function failureOf(peek: PromiseSettledResult<Peek>, share: Share | undefined): WorkspaceFailure[] {
  if (peek.status === 'fulfilled' || share?.workspaceId === undefined) return [];
  const { reason } = peek;
  return [
    { workspaceId: share.workspaceId, reason: reason instanceof Error ? reason.message : String(reason) },
  ];
}

/** What succeeded; rejects with the first reason when nothing did. */
function someOf<Value>(results: readonly PromiseSettledResult<Value>[]): Value[] {
  const values = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed && values.length === 0) throw failed.reason;
  return values;
}

function refuse(error: unknown): never {
  if (!(error instanceof StorageError)) throw error;
  throw new AgentError(
    `The message was not removed, because the disk did not take it: ${error.message}.`,
    'It stays in the inbox. Tell the user what is wrong with the disk, and call inbox_pop again when it is mended.',
    error,
  );
}

const NONE = new Error('none came');
const ASK_AGAIN_AFTER_MS = 250;
const PATIENCE_MS = 3_000;
