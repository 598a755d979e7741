import * as z from 'zod';
import { PlatformError } from '../domain/platform-error.ts';
import type { FeedPage, WorkspacePlatform } from '../domain/ports/platform.ts';
import { readRow } from '../domain/row.ts';
import { fromMicros } from '../domain/time.ts';

/** What the first look needs. */
export interface FirstLookParts {
  readonly workspaceId: string;
  readonly platform: Pick<WorkspacePlatform, 'readActivity' | 'call'>;
  readonly pageLimit: number;
  /** How far behind the newest row an acknowledgement stays, milliseconds. */
  readonly lagMs: number;
}

/**
 * Where a machine that knows nothing of this feed begins: at the oldest row that the server counts as unread (§15.1), in
 * microseconds since the epoch. Null when the server does not count: it has no such route, or no machine has ever
 * acknowledged. Any other trouble is passed on, so that the one look back is not lost to it.
 */
export async function findUnreadFloor(parts: FirstLookParts, signal: AbortSignal): Promise<number | null> {
  const unread = await countUnread(parts, signal);
  if (unread === null) return null;
  // Pages overlap by the rows of one time.
  const counted = new Set<string>();
  let oldestMicros: number | null = null;
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
    // Nothing that is acknowledged is younger than the lag, so with nothing unread everything before it was read.
    if (unread === 0) return (page.serverNowMicros ?? rows[0]?.atMicros ?? 0) - parts.lagMs * 1000;
    for (const row of rows) {
      if (counted.size === unread) break;
      if (!countsAsReceived(row, parts.workspaceId)) continue;
      counted.add(row.id);
      oldestMicros = Math.min(oldestMicros ?? row.atMicros, row.atMicros);
    }
    const last = rows.at(-1);
    if (counted.size === unread || page.rows.length < parts.pageLimit || last === undefined)
      return oldestMicros;
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
