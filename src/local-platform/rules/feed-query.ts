import { parseRfc3339 } from './timestamps.ts';
import { parseUuid } from './uuid.ts';

/** The filters of one feed request, read and checked (§4.1). */
export interface FeedQuery {
  readonly type?: string;
  readonly source?: string;
  readonly peerId?: string;
  readonly limit: number;
  readonly sinceSecs?: number;
  readonly sinceId?: string;
  readonly beforeMicros?: number;
  /** Extras asked for with `include`; HEAD only (§15.4). */
  readonly include: readonly string[];
}

const defaultLimit = 100;
const maxLimit = 500;
const maxSinceSecs = 30 * 24 * 3600;

/** Reads a feed request's parameters; a text is the refusal (400) of the first one that is wrong (§4.4). */
export function parseFeedQuery(params: URLSearchParams): FeedQuery | string {
  const given = (name: string) => params.get(name) || undefined;

  const peer = given('peer_id');
  const peerId = peer === undefined ? undefined : parseUuid(peer);
  if (peer !== undefined && peerId === undefined) return 'peer_id must be a UUID';

  const before = given('before_ts');
  const beforeMicros = before === undefined ? undefined : parseRfc3339(before);
  if (before !== undefined && beforeMicros === undefined) {
    return 'before_ts must be an RFC3339 timestamp (e.g. 2026-05-01T00:00:00Z)';
  }

  const since = given('since_secs');
  const sinceSecs = since === undefined ? undefined : parseWhole(since);
  if (since !== undefined && (sinceSecs === undefined || sinceSecs <= 0)) {
    return 'since_secs must be a positive integer';
  }

  const type = given('type');
  const source = given('source');
  const sinceId = given('since_id');
  return {
    ...(type !== undefined && { type }),
    ...(source !== undefined && { source }),
    ...(peerId !== undefined && { peerId }),
    limit: parseLimit(given('limit'), defaultLimit, maxLimit),
    ...(sinceSecs !== undefined && { sinceSecs: Math.min(sinceSecs, maxSinceSecs) }),
    ...(sinceId !== undefined && { sinceId }),
    ...(beforeMicros !== undefined && { beforeMicros }),
    include: (given('include') ?? '').split(',').map((name) => name.trim()),
  };
}

/** A `limit` parameter: no positive whole number means the default, more than the maximum means the maximum. */
export function parseLimit(text: string | undefined | null, fallback: number, max: number): number {
  const limit = text ? parseWhole(text) : undefined;
  return limit === undefined || limit <= 0 ? fallback : Math.min(limit, max);
}

function parseWhole(text: string): number | undefined {
  return /^[+-]?\d+$/.test(text) ? Number(text) : undefined;
}
