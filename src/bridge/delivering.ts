import { filter, from, map, merge, type Observable, Subscription } from 'rxjs';
import { barrier } from '../../streams/barrier.ts';
import type { Slots } from '../../streams/slots.ts';
import type { CursorRules } from '../domain/cursor/cursor-position.ts';
import type { FileQuota } from '../domain/files/file-quota.ts';
import type { WorkspacePlatform } from '../domain/ports/platform.ts';
import type { Clock, Logger } from '../domain/ports/runtime.ts';
import type { EventLog, FileStore } from '../domain/ports/storage.ts';
import { isYoungerThanMay } from '../domain/wire/features.ts';
import { type Ledger, openLedger } from '../ledger/ledger.ts';
import { maintainLog } from '../ledger/maintain-log.ts';
import { acknowledgeFeed } from './feed/acknowledge-feed.ts';
import { createBroadcastTexts } from './feed/broadcasts.ts';
import type { Features } from './feed/features.ts';
import { createFeedReader, type FeedReader, type FeedServer } from './feed/feed-reader.ts';
import { findUnread } from './feed/first-look.ts';
import type { Heard } from './feed/hear-platform.ts';
import { createPeerNames } from './feed/peer-names.ts';
import { followRequests } from './feed/requests.ts';
import { createFileKeeping } from './files/file-keeping.ts';
import { createFileOutcomes } from './files/file-outcomes.ts';
import { startTransfers } from './files/transfers.ts';
import type { UploadLimit } from './files/upload-limit.ts';
import { startUploadNotices } from './files/upload-notices.ts';
import { type Pace, realPace } from './pacing/pace.ts';
import { retryDelays, STORAGE_RETRIES } from './pacing/retry-delays.ts';

/** What exists of a workspace while this process delivers it: its ledger and the streams that feed on it. */
export interface Delivering {
  readonly ledger: Ledger;
  readonly feed: FeedReader;
  /** Ends every stream, then every transfer with what it has on disk, then closes the ledger. */
  close(): Promise<void>;
}

/** What delivering takes. */
export interface DeliveringParts {
  readonly workspaceId: string;
  readonly platform: WorkspacePlatform;
  readonly log: EventLog;
  readonly files: FileStore;
  readonly rules: CursorRules;
  readonly uploads: UploadRules;
  readonly hasRoom: (ledger: Ledger) => boolean;
  readonly importedCursor: () => Promise<string | null>;
  /** How long a popped message's text may stay on disk, milliseconds. */
  readonly keepPoppedMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: the world's. */
  readonly pace?: Pace;
  /** What is known of the server and heard from it; a replay has neither. */
  readonly server?: ServerSide;
}

/** The server as it shows itself (§15). */
export interface ServerSide {
  readonly features: Features;
  readonly heard$: Observable<Heard>;
}

/** How files are fetched, waited for, announced and kept. */
export interface UploadRules {
  /** How long a file holds messages, milliseconds. */
  readonly deadlineMs: number;
  /** How long a file waits for a chat to follow it, milliseconds. */
  readonly lonelyAfterMs: number;
  readonly maxBytes: UploadLimit;
  readonly quota: FileQuota;
  /** This workspace's places for transfers, contents and acknowledgements together. */
  readonly ownSlots: Slots;
  /** The places that all workspaces share. */
  readonly sharedSlots: Slots;
}

/**
 * Opens the ledger, takes up what a restart interrupted (files not settled or not acknowledged, messages at the barrier)
 * and goes on from there. Rejects as the log does when it cannot be read.
 */
export async function startDelivering(parts: DeliveringParts): Promise<Delivering> {
  const { workspaceId, platform, files, uploads, clock, logger, hasRoom, pace = realPace } = parts;
  let session: number | null = null;
  const ledger = await openLedger({
    log: parts.log,
    clock,
    prelude(state) {
      session ??= state.session + 1;
      if (state.session >= session) return null;
      return { type: 'recordFact', fact: { type: 'session.opened', data: { session } } };
    },
    maintain: maintainLog({ clock, logger, keepPoppedMs: parts.keepPoppedMs }),
  });
  await files.sweep().catch((error: unknown) => logger.warn(`left-over files stay: ${String(error)}`));

  const { quota, lonelyAfterMs } = uploads;
  const keeping = createFileKeeping({ ledger, files, quota, clock, pace, logger });
  await keeping.checkWaiting();

  const outcomes = createFileOutcomes(ledger, keeping.check);
  const running = new Subscription();
  running.add(outcomes.subscription);
  const transfers = startTransfers({ platform, files, ledger, clock, pace, ...uploads });
  running.add(startUploadNotices({ ledger, lonelyAfterMs, clock, pace }));
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

  const { server } = parts;
  if (server) {
    const generation = { workspaceId, platform, ledger, pace, ...server };
    // What the cursor leaves out anyway need not be told sooner.
    running.add(acknowledgeFeed({ ...generation, everyMs: parts.rules.lagMs / 3 }));
    running.add(followRequests({ ...generation, hasRoom: () => hasRoom(ledger) }));
  }

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
      ...(server ? { server: feedServer(parts, server, pace) } : {}),
    }),
    async close() {
      running.unsubscribe();
      await transfers.close();
      await ledger.close();
    },
  };
}

function feedServer(
  { workspaceId, platform, rules, clock }: DeliveringParts,
  { features, heard$ }: ServerSide,
  pace: Pace,
): FeedServer {
  const { pageLimit, backlogMs } = rules;
  return {
    readsEveryType: () => isYoungerThanMay(features.found()),
    findUnread: (signal) => findUnread({ workspaceId, platform, pageLimit, backlogMs }, signal),
    broadcasts: createBroadcastTexts({ heard$, clock, pace }),
    names: createPeerNames({ workspaceId, platform, clock }),
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
