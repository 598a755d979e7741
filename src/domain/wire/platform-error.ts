/** What went wrong, by what there is to do about it. */
export type PlatformErrorKind =
  /** 401 or 403 on the workspace's own credential. */
  | 'unauthorised'
  /** 410 on the feed: the cursor only, never the workspace (§4.4). */
  | 'cursor-gone'
  /** `GET /workspaces/:id` said 410, or 404 in JSON (§10.4). */
  | 'removed'
  /** A JSON 404: the object is missing. */
  | 'not-found'
  /** A 404 that is not JSON: the route is missing, nothing else (§15.14). */
  | 'no-such-route'
  /** 429 (§1.5). */
  | 'rate-limited'
  /** Refused for good: any other 4xx. */
  | 'refused'
  /** 3xx: never followed, since a redirect could carry the token away. */
  | 'redirected'
  /** 5xx, no connection, a broken one. */
  | 'unavailable'
  /** A deadline of ours passed. */
  | 'timed-out'
  /** A reply that is not what the protocol says: HTML with 200, wrong shape, cut JSON. */
  | 'malformed'
  /** More bytes than allowed. */
  | 'too-large'
  /** We ended it ourselves. */
  | 'aborted';

/**
 * The one error of the platform adapter. `message` is a sentence for a person, one line, without secrets;
 * `detail` holds the server's own words (at most 200 characters, control characters escaped).
 */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly kind: PlatformErrorKind;
  /** The HTTP status; 0 when there was no reply. */
  readonly status: number;
  readonly detail: string;
  /** What `Retry-After` asked for, clamped to at least 1 s; null without one. */
  readonly retryAfterMs: number | null;
  /** The parsed JSON body of the refusal, when it had one. */
  readonly body: unknown;

  constructor(
    kind: PlatformErrorKind,
    message: string,
    facts: {
      status?: number;
      detail?: string;
      retryAfterMs?: number | null;
      body?: unknown;
      cause?: unknown;
    } = {},
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.kind = kind;
    this.status = facts.status ?? 0;
    this.detail = facts.detail ?? '';
    this.retryAfterMs = facts.retryAfterMs ?? null;
    this.body = facts.body ?? null;
  }
}
