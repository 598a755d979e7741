/**
 * Milliseconds that a `Retry-After` header asks for: seconds or an HTTP date, the latter measured against the server's
 * own `Date`, since a laptop's clock may be off. At least 1 s, because the platform says `0` in the last second of a
 * window (§1.5); at most an hour, so that no server parks us for good. Null without a readable header.
 */
export function retryAfterMs(header: string | undefined, date: string | undefined): number | null {
  if (header === undefined || header.trim() === '') return null;
  const seconds = Number(header);
  const asked = Number.isNaN(seconds) ? Date.parse(header) - serverNow(date) : seconds * 1000;
  return Number.isNaN(asked) ? null : Math.min(Math.max(asked, SHORTEST_MS), LONGEST_MS);
}

function serverNow(date: string | undefined): number {
  const now = Date.parse(date ?? '');
  return Number.isNaN(now) ? Date.now() : now;
}

const SHORTEST_MS = 1000;
const LONGEST_MS = 3_600_000;
