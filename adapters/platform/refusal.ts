import * as z from 'zod';
import { PlatformError, type PlatformErrorKind } from '../../src/domain/wire/platform-error.ts';
import { parseJson, readText } from './json.ts';
import { retryAfterMs } from './retry-after.ts';
import { serverWords, withoutToken } from './server-words.ts';
import type { Reply } from './wire.ts';

/** What a status means on one route where it means more than everywhere else, such as 410 on the feed. */
export type OwnMeanings = Readonly<Record<number, PlatformErrorKind>>;

/** On routes that the workspace's own credential opens, 403 speaks of the credential as 401 does. */
export const OWN_CREDENTIAL: OwnMeanings = { 403: 'unauthorised' };

/**
 * The error that a reply other than the expected one means. Reads what the server says about it; when that cannot be
 * read the status alone decides. Rejects as aborted when the caller gave up meanwhile.
 */
export async function refusalOf(reply: Reply, own: OwnMeanings = {}): Promise<PlatformError> {
  const { status, headers } = reply;
  const text = withoutToken(await readRefusal(reply), reply.token);
  const body = parseJson(text);
  const kind = kindOfStatus(status, text, body, own);
  return new PlatformError(kind, sentence(kind, reply), {
    status,
    detail: serverWords(errorText(body) ?? text, reply.token),
    retryAfterMs: retryAfterMs(headers['retry-after'], headers.date),
    body: body ?? null,
  });
}

/**
 * A 404 without the platform's `{"error"}` is a missing route or somebody else's page, never a missing object
 * (§15.14); a 403 without any body is the refusal of our `Origin` (§1.4), whatever the credential.
 */
function kindOfStatus(status: number, text: string, body: unknown, own: OwnMeanings): PlatformErrorKind {
  if (status < 300) return 'malformed';
  if (status < 400) return 'redirected';
  if (status === 404 && errorText(body) === null) return 'no-such-route';
  if (status === 403 && text === '') return 'refused';
  return own[status] ?? EVERYWHERE[status] ?? (status >= 500 ? 'unavailable' : 'refused');
}

const EVERYWHERE: OwnMeanings = {
  401: 'unauthorised',
  404: 'not-found',
  408: 'unavailable',
  413: 'too-large',
  425: 'unavailable',
  429: 'rate-limited',
};

async function readRefusal(reply: Reply): Promise<string> {
  try {
    return await readText(reply, MOST_WORDS_BYTES);
  } catch (error) {
    if (error instanceof PlatformError && error.kind === 'aborted') throw error;
    return '';
  }
}

const MOST_WORDS_BYTES = 64 * 1024;

/** The text of the platform's own error body (§1.2); null for anybody else's. */
function errorText(body: unknown): string | null {
  const error = errorBody.safeParse(body);
  return error.success ? error.data.error : null;
}

const errorBody = z.object({ error: z.string() });

function sentence(kind: PlatformErrorKind, reply: Reply): string {
  const { what, status } = reply;
  switch (kind) {
    case 'unauthorised':
      return `${what}: the platform does not accept the workspace's token (${status})`;
    case 'cursor-gone':
      return `${what}: the platform no longer holds the row that the cursor names (${status})`;
    case 'removed':
      return `${what}: the workspace was removed from the platform (${status})`;
    case 'not-found':
      return `${what}: the platform has no such thing (${status})`;
    case 'no-such-route':
      return `${what}: there is no such route, or something other than the platform answers there (${status})`;
    case 'rate-limited':
      return `${what}: too many requests (${status})`;
    case 'redirected':
      return `${what}: redirected to ${target(reply)} (${status}); a redirect is never followed, name the right address as the platform's URL`;
    case 'unavailable':
      return `${what}: the platform is in trouble (${status})`;
    case 'too-large':
      return `${what}: too large for the platform (${status})`;
    case 'malformed':
      return `${what}: not an answer that this request has (${status})`;
    default:
      return status === 403 && reply.headers['content-length'] === '0'
        ? `${what}: refused without a word (${status}); the platform may not accept our Origin (CORS_ORIGINS)`
        : `${what}: refused (${status})`;
  }
}

/** Where a redirect points, without its query, which may hold a secret. */
function target(reply: Reply): string {
  const location = reply.headers.location ?? '';
  if (!URL.canParse(location, reply.url.href)) return 'nowhere';
  const url = new URL(location, reply.url);
  return serverWords(`${url.origin}${url.pathname}`, reply.token);
}
