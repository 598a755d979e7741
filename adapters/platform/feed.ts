import * as z from 'zod';
import type { FeedPage, FeedQuery } from '../../src/domain/ports/platform.ts';
import { ask, type Connection } from './ask.ts';
import { OWN_CREDENTIAL } from './refusal.ts';

/** `GET /workspaces/:id/activity` of what others sent (§4). 410 speaks of the cursor only (§4.4). */
export async function readActivity(
  connection: Connection,
  query: FeedQuery,
  signal: AbortSignal,
): Promise<FeedPage> {
  const { headers, value } = await ask(
    connection,
    {
      method: 'GET',
      path: `/workspaces/${connection.workspaceId}/activity`,
      query: toParameters(query),
      lane: 'feed',
      deadlineMs: connection.deadlines.feedMs,
      own: { ...OWN_CREDENTIAL, 410: 'cursor-gone' },
    },
    z.array(z.unknown()),
    signal,
  );
  const now = Date.parse(headers.date ?? '');
  return { rows: value, serverNowMicros: Number.isNaN(now) ? null : now * 1000 };
}

function toParameters(query: FeedQuery): Record<string, string> {
  return {
    ...(query.everyType ? {} : { type: 'a2a_receive' }),
    include: 'peer_info',
    limit: String(query.limit),
    ...(query.sinceId === undefined ? {} : { since_id: query.sinceId }),
    ...(query.sinceSecs === undefined ? {} : { since_secs: String(query.sinceSecs) }),
    ...(query.beforeTs === undefined ? {} : { before_ts: query.beforeTs }),
  };
}
