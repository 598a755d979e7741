import { basename } from 'node:path';
import { readStagedName } from '../../domain/files/staged-name.ts';
import type { Upload } from '../../domain/files/upload.ts';
import type { InboxState } from '../../domain/inbox/inbox-state.ts';
import type { InboxSource } from '../inbox/inbox.ts';
import type { OtherWindow } from './other-window.ts';

/** What the logs know of files and senders, whichever windows keep them open. */
export interface Known {
  /** Those of these files that a workspace's log knows, by id; none when nobody can be asked. */
  uploads(workspaceId: string, fileIds: readonly string[]): Promise<ReadonlyMap<string, Upload>>;
  /** The workspace whose log names this absolute path as a staged file, or null; rejects when one could not be asked. */
  stagedAt(path: string): Promise<string | null>;
  /** The workspaces at which messages of a peer wait, of those that could be asked. */
  arrivedThrough(peerId: string): Promise<readonly string[]>;
}

/** What it takes. */
export interface KnownParts {
  /** What this window delivers now. */
  readonly sources: () => readonly Pick<InboxSource, 'workspaceId' | 'ledger'>[];
  /** Every configured workspace, as reached through whoever delivers it. */
  readonly others: ReadonlyMap<string, Pick<OtherWindow, 'uploads' | 'hasMessageFrom'>>;
}

/** Looks into the logs that are open here, and asks the windows that have the others. */
export function createKnown({ sources, others }: KnownParts): Known {
  const stateOf = (workspaceId: string) =>
    sources().find((source) => source.workspaceId === workspaceId)?.ledger.state;

  async function uploadsOf(workspaceId: string, fileIds: readonly string[]): Promise<readonly Upload[]> {
    const state = stateOf(workspaceId);
    return state ? uploadsIn(state, fileIds) : ((await others.get(workspaceId)?.uploads(fileIds)) ?? []);
  }

  /** The workspaces of which `test` holds, and why some could not be tested. */
  async function workspacesThat(test: (workspaceId: string) => Promise<boolean>) {
    const ids = [...others.keys()];
    const tests = await Promise.allSettled(ids.map(test));
    return {
      passed: ids.filter((_, index) => isTrue(tests[index])),
      failed: tests.find((result) => result.status === 'rejected') ?? null,
    };
  }

  return {
    async uploads(workspaceId, fileIds) {
      const uploads = await uploadsOf(workspaceId, fileIds).catch(() => []);
      return new Map(uploads.map((upload) => [upload.fileId, upload]));
    },

    async stagedAt(path) {
      const named = readStagedName(basename(path));
      if (named === null) return null;
      const { passed, failed } = await workspacesThat(async (workspaceId) =>
        (await uploadsOf(workspaceId, [named.fileId])).some(
          ({ outcome }) => outcome.status === 'staged' && outcome.path === path,
        ),
      );
      const [first = null] = passed;
      if (first === null && failed) throw failed.reason;
      return first;
    },

    async arrivedThrough(peerId) {
      const { passed } = await workspacesThat(async (workspaceId) => {
        const state = stateOf(workspaceId);
        return state
          ? hasMessageFrom(state, peerId)
          : ((await others.get(workspaceId)?.hasMessageFrom(peerId)) ?? false);
      });
      return passed;
    },
  };
}

/** Those of these files that a log knows. */
export function uploadsIn(state: Readonly<InboxState>, fileIds: readonly string[]): readonly Upload[] {
  return fileIds.flatMap((fileId) => state.uploads.get(fileId) ?? []);
}

/** Whether a message of this peer waits, however its id is spelled. */
export function hasMessageFrom(state: Readonly<InboxState>, peerId: string): boolean {
  const wanted = peerId.toLowerCase();
  for (const { message } of state.inbox.values()) if (message.peer_id.toLowerCase() === wanted) return true;
  return false;
}

function isTrue(result: PromiseSettledResult<boolean> | undefined): boolean {
  return result?.status === 'fulfilled' && result.value;
}
