import { BehaviorSubject, firstValueFrom, of } from 'rxjs';
import { classify } from '../../streams/classify.ts';
import { readFeed } from '../../streams/read-feed.ts';
import { classifyRow } from '../domain/classify.ts';
import type { CursorRules } from '../domain/cursor-position.ts';
import { startPosition } from '../domain/cursor-position.ts';
import { PlatformError } from '../domain/platform-error.ts';
import type { WorkspacePlatform } from '../domain/ports/platform.ts';
import type { Clock } from '../domain/ports/runtime.ts';
import { readRow } from '../domain/row.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { fromAbortable, lastOf } from './abortable.ts';

/** Reads a workspace's feed into its ledger. */
export interface FeedReader {
  /** Reads all that the platform has now; resolves when it is durable. One call at a time. */
  read(signal: AbortSignal): Promise<{ readonly rows: number; readonly sinceMicros: number }>;
  /** Whether the newest page had rows with `seq`, which only a HEAD server serves (§15.14). */
  rowsCarrySeq(): boolean;
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
}

/** A reader that stands before the feed's first page, or where the ledger's cursor stands. */
export function createFeedReader(parts: FeedReaderParts): FeedReader {
  const { workspaceId, platform, ledger, rules, hasRoom, clock } = parts;
  const position = new BehaviorSubject(startPosition());
  let carrySeq = false;

  return {
    async read(signal) {
      if (ledger.state.feed === null) await openWhereTheOtherStopped(parts, signal);
      const receivedBefore = ledger.state.counts.received;
      const sinceMicros = ledger.state.feed?.cursor?.atMicros ?? ledger.state.feed?.floorMicros ?? 0;
      const reading$ = readFeed(of(null), {
        rules,
        position,
        stored: () => ledger.state.feed,
        readPage: (query) => fromAbortable((aborted) => platform.readActivity(query, aborted)),
        takePage: async ({ opened, rows, advanced }) => {
          const classified = await firstValueFrom(
            classify(of(rows), { classify: (raw) => classifyRow(raw, workspaceId) }),
          );
          carrySeq = classified.some((item) => 'row' in item && item.row.seq !== null);
          await ledger.commit({ type: 'takeRows', opened, rows: classified, advanced });
        },
        hasRoom,
        nowMs: clock,
      });
      await lastOf(reading$, signal);
      return { rows: ledger.state.counts.received - receivedBefore, sinceMicros };
    },
    rowsCarrySeq: () => carrySeq,
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
