import * as z from 'zod';
import type { FeedPage, WorkspacePlatform } from '../../domain/ports/platform.ts';
import { fromMicros } from '../../domain/time.ts';
import { PlatformError } from '../../domain/wire/platform-error.ts';
import { readRow } from '../../domain/wire/row.ts';

/** What the first look needs. */
export interface FirstLookParts {
  readonly workspaceId: string;
  readonly platform: Pick<WorkspacePlatform, 'readActivity' | 'call'>;
  readonly pageLimit: number;
  /** How far back a first look goes in any case, milliseconds. */
  readonly backlogMs: number;
}

/** Where a machine begins that knows nothing of a feed. */
export interface Unread {
  /** Of the oldest row that counts as unread, or the backlog's begin if that is older; microseconds. */
  readonly floorMicros: number;
  /** Rows up to this `seq` were dealt with on another machine. */
  readonly ackedSeq: number;
}

/**
 * Finds what the server counts as unread (§15.1): a new laptop, a lost disk. Null when the server does not count: it has no
 * such route, or no machine has ever acknowledged. Any other trouble is passed on, so that the one look back is not lost to
 * it. Never begins later than the backlog does: a row that is written slowly may be older than what was read before it.
 */
export async function findUnread(parts: FirstLookParts, signal: AbortSignal): Promise<Unread | null> {
  const unread = await countUnread(parts, signal);
  if (unread === null) return null;
  const ackedSeq = await readAckedSeq(parts, signal);
  // Pages overlap by the rows of one time.
  const counted = new Set<string>();
  let floorMicros: number | null = null;
  let beforeMicros: number | null = null;
  for (;;) {
    const page: FeedPage = await parts.platform.readActivity(
      {
        limit: parts.pageLimit,
        ...(beforeMicros === null ? {} : { beforeTs: fromMicros(beforeMicros) }),
      },
      signal,
    );
    const rows = page.rows.map(readRow).flatMap((reading) => (reading.ok ? [reading.row] : []));
    const nowMicros = page.serverNowMicros ?? rows[0]?.atMicros ?? 0;
    let floor: number = floorMicros ?? nowMicros - parts.backlogMs * 1000;
    const unknown = rows.filter(({ seq }) => seq === null || seq > ackedSeq);
    for (const row of unknown) {
      if (counted.size === unread) break;
      if (!countsAsReceived(row, parts.workspaceId)) continue;
      counted.add(row.id);
      floor = Math.min(floor, row.atMicros);
    }
    floorMicros = floor;
    const last = rows.at(-1);
    // Where a whole page was dealt with there is nothing left, whatever was counted otherwise.
    if (counted.size === unread || page.rows.length < parts.pageLimit || unknown.length === 0 || !last) {
      return { floorMicros, ackedSeq };
    }
    // A page of one time cannot be gone below otherwise.
    beforeMicros = last.atMicros + 1 === beforeMicros ? last.atMicros : last.atMicros + 1;
  }
}

async function countUnread(
  { workspaceId, platform }: FirstLookParts,
  signal: AbortSignal,
): Promise<number | null> {
  try {
    const path = `/workspaces/${workspaceId}/mail/summary`;
    const { body } = await platform.call({ method: 'GET', path }, signal);
    const summary = summarySchema.safeParse(body).data;
    return summary?.mode === 'acked_seq' ? summary.received_unread + summary.replies_unread : null;
  } catch (error) {
    if (error instanceof PlatformError && NOT_COUNTED.has(error.kind)) return null;
    throw error;
  }
}

/** An acknowledgement of nothing: the server keeps the greatest and tells it (§15.1). */
async function readAckedSeq({ workspaceId, platform }: FirstLookParts, signal: AbortSignal): Promise<number> {
  const path = `/workspaces/${workspaceId}/activity/ack`;
  const { body } = await platform.call({ method: 'POST', path, json: { acked_seq: 0 } }, signal);
  return ackedSchema.safeParse(body).data?.last_acked_seq ?? 0;
}

/** As the server counts: what others sent, the results of own delegations among it. */
function countsAsReceived(
  row: { readonly activityType: string; readonly method: string; readonly sourceId: string | null },
  workspaceId: string,
): boolean {
  if (row.activityType !== 'a2a_receive' || row.method === 'notify') return false;
  return row.sourceId?.toLowerCase() !== workspaceId || row.method === 'delegate_result';
}

const NOT_COUNTED: ReadonlySet<string> = new Set(['no-such-route', 'not-found', 'refused', 'malformed']);
const count = z.number().int().nonnegative();
const summarySchema = z.object({ mode: z.string(), received_unread: count, replies_unread: count });
const ackedSchema = z.object({ last_acked_seq: count });
