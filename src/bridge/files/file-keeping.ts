import { filter, type Subscription } from 'rxjs';
import { keepQuota } from '../../../streams/keep-quota.ts';
import { type FileQuota, planForgetting } from '../../domain/files/file-quota.ts';
import type { InboxState } from '../../domain/inbox/inbox-state.ts';
import type { Clock, Logger } from '../../domain/ports/runtime.ts';
import type { FileStore } from '../../domain/ports/storage.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Pace } from '../pacing/pace.ts';

/** What looking after staged files takes. */
export interface FileKeepingParts {
  readonly ledger: Ledger;
  readonly files: Pick<FileStore, 'holds' | 'remove'>;
  readonly quota: FileQuota;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly logger: Logger;
}

/** Keeps what the log says about files and what is on disk in step. */
export interface FileKeeping {
  /** A staged file whose copy is gone counts as lost from now on, and is fetched again. Never rejects. */
  check(fileId: string): Promise<void>;
  /** The same for every file that a message shows which nobody has popped yet. */
  checkWaiting(): Promise<void>;
  /** Starts to delete what is too old or too much. */
  start(): Subscription;
}

/** Looks after the staged files of one workspace. */
export function createFileKeeping(parts: FileKeepingParts): FileKeeping {
  const { ledger, files, quota, clock, pace, logger } = parts;
  async function check(fileId: string): Promise<void> {
    const outcome = ledger.state.uploads.get(fileId)?.outcome;
    if (outcome?.status !== 'staged') return;
    try {
      if (await files.holds(outcome.path, outcome.bytes)) return;
      logger.warn(`${outcome.path} is gone or has changed; it is being fetched again`);
      await ledger.commit({ type: 'noteLost', fileId });
    } catch (error) {
      logger.warn(`${outcome.path} could not be looked at: ${String(error)}`);
    }
  }

  /** The file first: of one that is gone but still in the log the next look makes an end; nobody knows the other way round. */
  async function remove(fileId: string): Promise<void> {
    // A message may have come since that cites it.
    if (shownFiles(ledger.state).has(fileId)) return;
    const outcome = ledger.state.uploads.get(fileId)?.outcome;
    try {
      if (outcome?.status === 'staged') await files.remove(outcome.path);
      await ledger.commit({ type: 'noteDeleted', fileId });
    } catch (error) {
      logger.warn(`a file past its quota could not be deleted: ${String(error)}`);
      throw error;
    }
  }

  return {
    check,
    async checkWaiting() {
      for (const fileId of shownFiles(ledger.state)) await check(fileId);
    },
    start: () =>
      keepQuota(ledger.events$.pipe(filter(({ type }) => type === 'upload.staged')), {
        plan: () =>
          planForgetting([...ledger.state.uploads.values()], shownFiles(ledger.state), clock(), quota),
        remove,
        everyMs: LOOK_EVERY_MS,
        settleMs: SETTLE_MS,
        scheduler: pace.scheduler,
      }).subscribe(),
  };
}

/** What messages show that nobody has popped yet. */
function shownFiles(state: Readonly<InboxState>): ReadonlySet<string> {
  const shown = new Set<string>();
  for (const { files } of [...state.held.values(), ...state.inbox.values()])
    for (const { fileId } of files) if (fileId !== null) shown.add(fileId);
  return shown;
}

const LOOK_EVERY_MS = 3600_000;
const SETTLE_MS = 1_000;
