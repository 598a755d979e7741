import { type Observable, Subscription } from 'rxjs';
import type { CursorRules } from '../domain/cursor/cursor-position.ts';
import { ackableSeq } from '../domain/inbox/acked-seq.ts';
import type { InboxState } from '../domain/inbox/inbox-state.ts';
import type { WorkspacePlatform } from '../domain/ports/platform.ts';
import type { Clock, Logger } from '../domain/ports/runtime.ts';
import type { EventLog, FileStore } from '../domain/ports/storage.ts';
import { isYoungerThanMay } from '../domain/wire/features.ts';
import { type Ledger, openLedger } from '../ledger/ledger.ts';
import { maintainLog } from '../ledger/maintain-log.ts';
import { onceNeeded } from '../ledger/once-needed.ts';
import { acknowledgeFeed } from './feed/acknowledge-feed.ts';
import { createBroadcastTexts } from './feed/broadcasts.ts';
import type { Features } from './feed/features.ts';
import { createFeedReader, type FeedReader, type FeedServer } from './feed/feed-reader.ts';
import { findUnread } from './feed/first-look.ts';
import type { Heard } from './feed/hear-platform.ts';
import { createPeerNames } from './feed/peer-names.ts';
import { followRequests } from './feed/requests.ts';
import { startReleasing } from './files/start-releasing.ts';
import type { UploadRules } from './files/upload-rules.ts';
import { type Pace, realPace } from './pacing/pace.ts';

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

  const releasing = await startReleasing({ platform, files, ledger, uploads, clock, pace, logger });
  const running = new Subscription();
  const { server } = parts;
  if (server) {
    const generation = { workspaceId, platform, ledger, pace, ...server };
    // What the cursor leaves out anyway need not be told sooner.
    const everyMs = parts.rules.lagMs / 3;
    const canAcknowledge = (state: Readonly<InboxState>) => ackableSeq(state) !== null;
    running.add(onceNeeded(ledger, canAcknowledge, () => acknowledgeFeed({ ...generation, everyMs })));
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
      await releasing.close();
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
