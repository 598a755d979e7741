import { BehaviorSubject, firstValueFrom, of } from 'rxjs';
import type { FeedReading } from '../../../machines/workspace/actors.ts';
import { classify } from '../../../streams/classify.ts';
import { readFeed } from '../../../streams/read-feed.ts';
import type { CursorRules } from '../../domain/cursor/cursor-position.ts';
import { startPosition } from '../../domain/cursor/cursor-position.ts';
import type { WorkspacePlatform } from '../../domain/ports/platform.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import { type Classified, classifyRow } from '../../domain/wire/classify.ts';
import { PlatformError } from '../../domain/wire/platform-error.ts';
import { readRow } from '../../domain/wire/row.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { fromAbortable, lastOf } from '../abortable.ts';
import type { BroadcastTexts } from './broadcasts.ts';
import type { Unread } from './first-look.ts';
import type { PeerNames } from './peer-names.ts';

/** Reads a workspace's feed into its ledger. */
export interface FeedReader {
  /** Reads all that the platform has now; resolves when it is durable. One call at a time. */
  read(signal: AbortSignal): Promise<FeedReading>;
}

/** What a feed reader needs. */
export interface FeedReaderParts {
  readonly workspaceId: string;
  readonly platform: Pick<WorkspacePlatform, 'readActivity'>;
  readonly ledger: Ledger;
  readonly rules: CursorRules;
  readonly hasRoom: () => boolean;
  /** The row up to which another client has read this feed, if one did; asked for once, before the first look. */
  readonly importedCursor: () => Promise<string | null>;
  readonly clock: Clock;
  /** What the server's generation adds; absent where nothing is known of it, as in a replay. */
  readonly server?: FeedServer;
}

/** What depends on the server's generation (§15). */
export interface FeedServer {
  /** Whether rows of every type are asked for: broadcasts are of another than messages. */
  readsEveryType(): boolean;
  /** Where a machine begins that knows nothing of this feed; null where the server does not tell. */
  findUnread(signal: AbortSignal): Promise<Unread | null>;
  readonly broadcasts: BroadcastTexts;
  readonly names: PeerNames;
}

/** A reader that stands before the feed's first page, or where the ledger's cursor stands. */
export function createFeedReader(parts: FeedReaderParts): FeedReader {
  const { workspaceId, platform, ledger, rules, hasRoom, clock, server } = parts;
  const position = new BehaviorSubject(startPosition());
  let everyType = false;

  function classifyOne(raw: unknown): Classified {
    const item = classifyRow(raw, workspaceId, server?.broadcasts.wholeOf);
    return item.kind === 'chat' && server ? { ...item, message: server.names.name(item.message) } : item;
  }

  /** What was left out so far may lie anywhere above the floor: it is looked through once more. */
  function chooseTypes(): void {
    const chosen = server?.readsEveryType() ?? false;
    if (chosen && !everyType) position.next(startPosition());
    everyType = chosen;
  }

  return {
    async read(signal) {
      if (ledger.state.feed === null) await openWhereTheOtherStopped(parts, signal);
      if (ledger.state.feed === null && server) await openAtUnread(server, ledger, signal);
      chooseTypes();
      const receivedBefore = ledger.state.counts.received;
      const sinceMicros = ledger.state.feed?.cursor?.atMicros ?? ledger.state.feed?.floorMicros ?? 0;
      const reading$ = readFeed(of(null), {
        rules,
        position,
        stored: () => ledger.state.feed,
        readPage: (query) =>
          fromAbortable((aborted) =>
            platform.readActivity(everyType ? { ...query, everyType } : query, aborted),
          ),
        takePage: async ({ opened, rows, advanced }) => {
          await server?.broadcasts.settled(rows, (rowId) => ledger.state.seen.has(rowId));
          const classified = await firstValueFrom(classify(of(rows), { classify: classifyOne }));
          await ledger.commit({ type: 'takeRows', opened, rows: classified, advanced });
        },
        hasRoom,
        nowMs: clock,
      });
      await lastOf(reading$, signal);
      const storedMicros = ledger.state.feed?.cursor?.atMicros ?? 0;
      const lags = (position.value.at?.atMicros ?? 0) > storedMicros;
      return { rows: ledger.state.counts.received - receivedBefore, sinceMicros, lags };
    },
  };
}

/** Takes over where the Python client had got to, so that whoever switches neither loses nor repeats a message. */
async function openWhereTheOtherStopped(
  { platform, ledger, importedCursor, rules }: FeedReaderParts,
  signal: AbortSignal,
): Promise<void> {
  const cursorId = await importedCursor();
  if (cursorId === null) return;
  try {
    const page = await platform.readActivity({ sinceId: cursorId, limit: rules.pageLimit }, signal);
    const times = page.rows.map(readRow).flatMap((reading) => (reading.ok ? [reading.row.atMicros] : []));
    const floorMicros = times.length > 0 ? Math.min(...times) : page.serverNowMicros;
    if (floorMicros === null) return;
    const cursor = { id: cursorId, atMicros: floorMicros - 1 };
    const data = { floorMicros, cursor, origin: 'imported' } as const;
    await ledger.commit({ type: 'recordFact', fact: { type: 'feed.opened', data } });
  } catch (error) {
    // Pruned, or another workspace's: begin as anybody does.
    if (!(error instanceof PlatformError && error.kind === 'cursor-gone')) throw error;
  }
}

/** Begins a feed that this machine knows nothing of at what the server counts as unread: a new laptop, a lost disk. */
async function openAtUnread(server: FeedServer, ledger: Ledger, signal: AbortSignal): Promise<void> {
  const unread = await server.findUnread(signal);
  if (unread === null) return;
  const data = { ...unread, cursor: null, origin: 'unread' } as const;
  await ledger.commit({ type: 'recordFact', fact: { type: 'feed.opened', data } });
}
