import { filter, from, map, merge, Subscription } from 'rxjs';
import { barrier } from '../../../streams/barrier.ts';
import type { WorkspacePlatform } from '../../domain/ports/platform.ts';
import type { Clock, Logger } from '../../domain/ports/runtime.ts';
import type { FileStore } from '../../domain/ports/storage.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { onceNeeded } from '../../ledger/once-needed.ts';
import type { Pace } from '../pacing/pace.ts';
import { retryDelays, STORAGE_RETRIES } from '../pacing/retry-delays.ts';
import { createFileKeeping } from './file-keeping.ts';
import { createFileOutcomes } from './file-outcomes.ts';
import { startTransfers, type Transfers } from './transfers.ts';
import { startUploadNotices } from './upload-notices.ts';
import type { UploadRules } from './upload-rules.ts';

/** What releasing messages takes. */
export interface ReleasingParts {
  readonly platform: WorkspacePlatform;
  readonly files: FileStore;
  readonly ledger: Ledger;
  readonly uploads: UploadRules;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly logger: Logger;
}

/** Messages on their way into the inbox, and the files on theirs. */
export interface Releasing {
  /** Ends every wait, then every transfer with what it has on disk. */
  close(): Promise<void>;
}

/**
 * Fetches, keeps and announces a workspace's files, and lets each received message go once it has its own. Takes up what a
 * restart interrupted: files not settled or not acknowledged, messages at the barrier. Nothing runs before the first
 * message or file. Resolves when the files that unpopped messages show were looked at.
 */
export async function startReleasing(parts: ReleasingParts): Promise<Releasing> {
  const { platform, files, ledger, uploads, clock, pace, logger } = parts;
  const keeping = createFileKeeping({ ledger, files, quota: uploads.quota, clock, pace, logger });
  await keeping.checkWaiting();
  let transfers: Transfers | null = null;

  function start(): Subscription {
    const running = new Subscription();
    const outcomes = createFileOutcomes(ledger, keeping.check);
    running.add(outcomes.subscription);
    transfers = startTransfers({ platform, files, ledger, clock, pace, ...uploads });
    running.add(startUploadNotices({ ledger, lonelyAfterMs: uploads.lonelyAfterMs, clock, pace }));
    running.add(keeping.start());
    running.add(
      barrier(merge(from([...ledger.state.held.values()]), received(ledger)), {
        outcomeOf: outcomes.of,
        outcomeNow: outcomes.now,
        release: (releases) =>
          Promise.all(releases.map((release) => ledger.commit({ type: 'releaseMessage', ...release }))),
        deadlineMs: uploads.deadlineMs,
        retryDelayMs: retryDelays(pace, STORAGE_RETRIES),
        scheduler: pace.scheduler,
      }).subscribe(),
    );
    return running;
  }

  const running = onceNeeded(ledger, ({ held, uploads }) => held.size > 0 || uploads.size > 0, start);
  return {
    async close() {
      running.unsubscribe();
      await transfers?.close();
    },
  };
}

function received(ledger: Ledger) {
  return ledger.events$.pipe(
    map((event) =>
      event.type === 'message.received' ? ledger.state.held.get(event.data.message.activity_id) : undefined,
    ),
    filter((held) => held !== undefined),
  );
}
