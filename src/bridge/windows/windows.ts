import { filter, firstValueFrom, fromEvent, map, merge, type Observable } from 'rxjs';
import type { DeliveryLock } from '../../../adapters/delivery-lock/delivery-lock.ts';
import { workspaceFolderName } from '../../../adapters/state-directory/state-directory.ts';
import { AgentError, type WorkspaceStatus } from '../../domain/ports/agent.ts';
import { createInbox, type Inbox, type InboxSource } from '../inbox/inbox.ts';
import type { Workspace } from '../workspace.ts';
import { createKnown, type Known } from './known.ts';
import { createOtherWindow, type OtherWindow } from './other-window.ts';
import { type ServedWorkspace, serveWindows } from './serve-windows.ts';
import { createWindowInbox, type WindowInbox } from './window-inbox.ts';
import type { RecordCommand } from './window-request.ts';

/** How this window works together with the user's other windows: one delivers a workspace, all work with it. */
export interface Windows {
  /** The inbox, whichever windows deliver. */
  readonly inbox: WindowInbox;
  /** What the logs know, whichever windows keep them. */
  readonly known: Known;
  statusOf(workspaceId: string): Promise<WorkspaceStatus>;
  /** Writes into the log of whoever delivers. */
  record(workspaceId: string, command: RecordCommand): Promise<void>;
  /** Moves delivery of a workspace to this window. */
  claim(workspaceId: string): Promise<{ readonly claimed: boolean; readonly note: string }>;
}

/** What windows are made of. */
export interface WindowsParts {
  readonly lock: DeliveryLock;
  readonly workspaces: ReadonlyMap<string, Workspace>;
  /** What this window delivers now. */
  readonly sources: () => readonly InboxSource[];
  /** Emits whenever a message was released here. */
  readonly arrivals$: Observable<unknown>;
  /** Emits when this window has begun or ceased to deliver a workspace. */
  readonly moved$: Observable<unknown>;
  /** The inbox of what this window delivers. */
  readonly local: Inbox;
  /** Whether messages say where they arrived. */
  readonly named: boolean;
  /** A workspace's status as far as this window knows. */
  readonly ownStatus: (workspace: Workspace) => WorkspaceStatus;
  /** The same of a workspace that this window delivers, with what only the platform knows. */
  readonly wholeStatus: (workspace: Workspace) => Promise<WorkspaceStatus>;
  /** Hears that another window has read messages here. */
  readonly onRead: () => void;
  readonly stopping: AbortSignal;
}

/** The name under which windows meet: workspaces of one id on two platforms are two. */
export function lockKey(workspace: Pick<Workspace, 'id' | 'platformUrl'>): string {
  return workspaceFolderName(workspace);
}

/** Serves the other windows, and uses them. */
export function createWindows(parts: WindowsParts): Windows {
  const { lock, workspaces, sources, arrivals$, moved$, local, named, stopping } = parts;
  const { ownStatus, wholeStatus, onRead } = parts;
  const byKey = new Map([...workspaces.values()].map((workspace) => [lockKey(workspace), workspace]));
  const others = new Map<string, OtherWindow>();
  for (const workspace of workspaces.values()) {
    const { id: workspaceId } = workspace;
    const trouble = () => workspace.trouble() ?? ownStatus(workspace).lastError;
    others.set(
      workspaceId,
      createOtherWindow({ lock, key: lockKey(workspace), workspaceId, named, trouble, stopping }),
    );
  }

  lock.serve(
    serveWindows(async (key, signal): Promise<ServedWorkspace> => {
      const workspace = byKey.get(key);
      if (!workspace) throw new Error('this window has no such workspace');
      const { ledger } = await delivered(workspace, signal);
      const inbox = createInbox({
        sources: () => sources().filter(({ workspaceId }) => workspaceId === workspace.id),
        arrivals$,
        named: false,
        onRead,
      });
      return { ledger, inbox, status: () => wholeStatus(workspace) };
    }),
  );

  /** Waits until this window has a workspace's log open. */
  async function delivered(workspace: Workspace, signal: AbortSignal) {
    const either = AbortSignal.any([signal, stopping]);
    const now = workspace.delivering();
    if (now) return now;
    const trouble = workspace.trouble();
    if (trouble !== null) throw new Error(trouble);
    const given$ = fromEvent(either, 'abort').pipe(map(() => null));
    const opened$ = moved$.pipe(
      map(() => workspace.delivering()),
      filter((delivering) => delivering !== null),
    );
    const delivering = either.aborted ? null : await firstValueFrom(merge(opened$, given$));
    if (!delivering) throw new Error('the log is not open (yet)');
    return delivering;
  }

  function otherOf(workspaceId: string): OtherWindow {
    const other = others.get(workspaceId);
    if (!other) throw new Error('the bridge has no such workspace');
    return other;
  }

  return {
    inbox: createWindowInbox({
      local,
      delivers: (workspaceId) => Boolean(workspaces.get(workspaceId)?.delivering()),
      others,
      moved$,
    }),

    known: createKnown({ sources, others }),

    async statusOf(workspaceId) {
      const workspace = workspaces.get(workspaceId);
      if (!workspace) throw new Error('the bridge has no such workspace');
      const own = ownStatus(workspace);
      if (workspace.delivering()) return wholeStatus(workspace);
      const there = await otherOf(workspaceId)
        .status()
        .catch(() => null);
      if (!there || workspace.delivering()) return ownStatus(workspace);
      const { phase, delivery: _theirs, features: _found, ...standing } = there.status;
      return {
        ...own,
        ...standing,
        phase: own.phase,
        deliveredBy: { pid: there.pid, phase },
        lastError: there.status.lastError ?? own.lastError,
      };
    },

    async record(workspaceId, command) {
      const ledger = workspaces.get(workspaceId)?.delivering()?.ledger;
      if (ledger) await ledger.commit(command);
      else await otherOf(workspaceId).record(command);
    },

    async claim(workspaceId) {
      const workspace = workspaces.get(workspaceId);
      if (!workspace)
        throw new AgentError(
          `${workspaceId} is not a workspace of this window.`,
          'inbox_status lists the ones that are.',
        );
      if (workspace.delivering())
        return { claimed: true, note: `This window delivers ${workspaceId} already.` };
      const signal = AbortSignal.any([stopping, AbortSignal.timeout(CLAIM_WITHIN_MS)]);
      try {
        await lock.claim(lockKey(workspace), signal);
        await delivered(workspace, signal);
      } catch (error) {
        const why = signal.aborted ? 'the window that delivers it does not let go' : String(error);
        return { claimed: false, note: `${workspaceId} is still delivered by another window: ${why}.` };
      }
      return { claimed: true, note: `This window delivers ${workspaceId} from now on.` };
    },
  };
}

const CLAIM_WITHIN_MS = 8_000;
