import { isRecord } from '../domain/record.ts';
import { PlatformError } from '../domain/wire/platform-error.ts';

/**
 * Whether a request that failed surely did nothing and may be repeated as it is: no connection came about, it was counted
 * as one too many (§1.5), or the platform could not even look at who asks (§2.2).
 */
export function surelyNotDone(error: unknown): boolean {
  return error instanceof PlatformError && fateOf(error) === 'not done';
}

/**
 * Whether a request that failed may have been carried out: its reply was lost, late, cut or unreadable, or whoever answered
 * was not there to see it. Such a message is not repeated (W-13), and such an upload is not taken for none (W-39).
 */
export function perhapsDone(error: unknown): boolean {
  return error instanceof PlatformError && fateOf(error) === 'unknown';
}

/** `not done` can pass by itself; `refused` is not done either, and would be refused again. */
type Fate = 'not done' | 'refused' | 'unknown';

function fateOf(error: PlatformError): Fate {
  const { kind, status, message } = error;
  switch (kind) {
    case 'rate-limited':
      return 'not done';
    case 'unavailable':
      if (status === 0) return NEVER_SENT.test(message) ? 'not done' : 'unknown';
      return isPlatformsOwn(error) ? fateByWords(error) : fateByStatus(status);
    case 'timed-out':
    case 'malformed':
    case 'aborted':
      return 'unknown';
    // Too large may have been the request (413) or the reply.
    case 'too-large':
    case 'redirected':
      return fateByStatus(status);
    default:
      return 'refused';
  }
}

/**
 * What a status alone tells, whoever gave it. A 4xx says that the request was not taken, but for 408, which some proxies give
 * for a reply that does not come. A 5xx says nothing: a proxy gives 502, 503 and 504 also for what broke off or took too long
 * behind it, and the platform an empty 500 for what broke in the middle of its work (§1.2). 303 shows the result of what was done.
 */
function fateByStatus(status: number): Fate {
  if (status >= 500 || status < 300) return 'unknown';
  return status === 303 || status === 408 ? 'unknown' : 'refused';
}

/** Trouble that the platform names counts as met before it acted only where that is known; `failed to reach workspace agent` is not. */
function fateByWords({ body, status }: PlatformError): Fate {
  const { error, code, busy } = isRecord(body) ? body : {};
  if (code === 'platform_unavailable') return 'not done';
  return busy === true || BEFORE_ACTING.test(String(error)) ? 'refused' : fateByStatus(status);
}

/** Whether the reply has the form of the platform's own errors (§1.2). */
function isPlatformsOwn({ body }: PlatformError): boolean {
  return isRecord(body) && typeof body.error === 'string';
}

/** How the platform adapter tells that no connection came about, to the platform or through the proxy. */
const NEVER_SENT =
  /\((ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_TLS_CERT_\w+|CERT_\w+|\w*SELF_SIGNED_CERT\w*|UNABLE_TO_\w+)\)$|: the proxy refused to connect \(\d{3}\)$/;

/** What is looked up before anything is done (§6.6, §7.1, §15.5, §15.9). A failed transaction is not among it: its commit may have got through. */
const BEFORE_ACTING =
  /^(delivery[-_]mode lookup failed|lookup failed$|workspace has no URL$|workspace URL is not publicly routable$|memory plugin is not configured)/;
