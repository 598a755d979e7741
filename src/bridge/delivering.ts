import { filter, from, map, merge, type Observable, Subscription } from 'rxjs';
import { acknowledgeUploads } from '../../streams/acknowledge-uploads.ts';
import { barrier } from '../../streams/barrier.ts';
import { fetchUploads } from '../../streams/fetch-uploads.ts';
import { createSlots, type Slots } from '../../streams/slots.ts';
import { backoffMs } from '../domain/backoff.ts';
import type { CursorRules } from '../domain/cursor-position.ts';
import type { WorkspacePlatform } from '../domain/ports/platform.ts';
import type { Clock } from '../domain/ports/runtime.ts';
import type { EventLog, FileStore } from '../domain/ports/storage.ts';
import { isSettled, type Upload } from '../domain/upload.ts';
import { type Ledger, openLedger } from '../ledger/ledger.ts';
import { maintainLog } from '../ledger/maintain-log.ts';
import type { OwnUploads } from '../outbox/own-uploads.ts';
import { fromAbortable } from './abortable.ts';
import { createFeedReader, type FeedReader } from './feed-reader.ts';
import { fetchUpload } from './fetch-upload.ts';
import { createFileOutcomes } from './file-outcomes.ts';
import { type Pace, realPace } from './pace.ts';

/** What exists of a workspace while this process delivers it: its ledger and the streams that feed on it. */
export interface Delivering {
  readonly ledger: Ledger;
  readonly feed: FeedReader;
  /** Ends every stream and transfer, then closes the ledger. */
  close(): Promise<void>;
}

/** What delivering takes. */
export interface DeliveringParts {
  readonly workspaceId: string;
  readonly platform: WorkspacePlatform;
  readonly log: EventLog;
  readonly files: FileStore;
  readonly rules: CursorRules;
  readonly ownUploads: OwnUploads;
  readonly uploadDeadlineMs: number;
  readonly maxUploadBytes: () => number;
  /** Places for transfers that all workspaces share. */
  readonly sharedSlots: Slots;
  readonly hasRoom: (ledger: Ledger) => boolean;
  readonly importedCursor: () => Promise<string | null>;
  readonly clock: Clock;
  /** Default: the world's. */
  readonly pace?: Pace;
}

/**
 * Opens the ledger, takes up what a restart interrupted (files not settled or not acknowledged, messages at the barrier)
 * and goes on from there. Rejects as the log does when it cannot be read.
 */
export async function startDelivering(parts: DeliveringParts): Promise<Delivering> {
  const { workspaceId, platform, files, clock, hasRoom, pace = realPace } = parts;
  const ledger = await openLedger({ log: parts.log, clock, maintain: maintainLog(clock) });
  const session = ledger.state.session + 1;
  await ledger.commit({ type: 'recordFact', fact: { type: 'session.opened', data: { session } } });
  await files.sweep();

  const outcomes = createFileOutcomes(ledger);
  const running = new Subscription();
  running.add(outcomes.subscription);
  running.add(startTransfers(parts, ledger, pace));
  running.add(
    barrier(merge(from([...ledger.state.held.values()]), received(ledger)), {
      outcomeOf: outcomes.of,
      outcomeNow: outcomes.now,
      release: (releases) =>
        Promise.all(releases.map((release) => ledger.commit({ type: 'releaseMessage', ...release }))),
      deadlineMs: parts.uploadDeadlineMs,
      retryDelayMs: (failures) => backoffMs({ policy: STORAGE_RETRIES, failures, random: pace.random() }),
      scheduler: pace.scheduler,
    }).subscribe(),
  );

  return {
    ledger,
    feed: createFeedReader({
      workspaceId,
      platform,
      ledger,
      rules: parts.rules,
      hasRoom: () => hasRoom(ledger),
      importedCursor: parts.importedCursor,
      clock: pace.steadyMs,
    }),
    async close() {
      running.unsubscribe();
      await ledger.close();
    },
  };
}

/** Fetches what is announced, acknowledges what is staged; both take up what a restart left. */
function startTransfers(parts: DeliveringParts, ledger: Ledger, pace: Pace): Subscription {
  const { workspaceId, platform, files, ownUploads, sharedSlots, clock } = parts;
  const uploads = [...ledger.state.uploads.values()];
  const ownSlots = createSlots(TRANSFERS_PER_WORKSPACE);
  const fetcher = { platform, files, maxBytes: parts.maxUploadBytes, clock };
  const retryDelayMs = (failures: number) =>
    backoffMs({ policy: TRANSFER_RETRIES, failures, random: pace.random() });
  const { scheduler } = pace;

  const fetching = fetchUploads(
    merge(from(uploads.filter(({ outcome }) => !isSettled(outcome))), announced(ledger)),
    {
      fetch: (upload) =>
        fromAbortable(async (signal) => {
          if (await ownUploads.isForeign(workspaceId, upload, signal))
            return fetchUpload(upload, fetcher, signal);
          return { status: 'expired', reason: 'it is a file that you sent yourself' };
        }),
      settle: ({ fileId, outcome, retryAtMs }) =>
        ledger.commit({ type: 'settleUpload', fileId, outcome, retryAtMs }),
      ownSlots,
      sharedSlots,
      retryDelayMs,
      clock,
      scheduler,
    },
  ).subscribe();

  const left = uploads.filter(({ outcome, acknowledged }) => outcome.status === 'staged' && !acknowledged);
  fetching.add(
    acknowledgeUploads(merge(from(left.map(({ fileId }) => fileId)), staged(ledger)), {
      acknowledge: (fileId) => fromAbortable((signal) => platform.acknowledgeUpload(fileId, signal)),
      settle: (fileId) => ledger.commit({ type: 'noteAcknowledged', fileId }),
      ownSlots,
      sharedSlots,
      retryDelayMs,
      scheduler,
    }).subscribe(),
  );
  return fetching;
}

function announced(ledger: Ledger): Observable<Upload> {
  return ledger.events$.pipe(
    map((event) =>
      event.type === 'upload.announced' ? ledger.state.uploads.get(event.data.fileId) : undefined,
    ),
    filter((upload) => upload !== undefined),
  );
}

function staged(ledger: Ledger): Observable<string> {
  return ledger.events$.pipe(
    map((event) => (event.type === 'upload.staged' ? event.data.fileId : undefined)),
    filter((fileId) => fileId !== undefined),
  );
}

function received(ledger: Ledger) {
  return ledger.events$.pipe(
    map((event) =>
      event.type === 'message.received' ? ledger.state.held.get(event.data.message.activity_id) : undefined,
    ),
    filter((held) => held !== undefined),
  );
}

const TRANSFERS_PER_WORKSPACE = 4;
const TRANSFER_RETRIES = { firstMs: 500, maxMs: 300_000, jitter: 'equal' } as const;
const STORAGE_RETRIES = { firstMs: 500, maxMs: 10_000, jitter: 'equal' } as const;
