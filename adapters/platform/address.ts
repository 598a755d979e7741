import { PlatformError } from '../../src/domain/wire/platform-error.ts';

/** Where a platform is reached. */
export interface Address {
  /** Scheme, host, port and path, without a slash at the end. */
  readonly base: string;
  /** Scheme, host and port alone: the `Origin` that every request carries (§1.4). */
  readonly origin: string;
  /** The path of `base`, empty for a platform at the root. */
  readonly basePath: string;
}

/**
 * Normalises a base URL once, so that every request and the `Origin` agree (W-34).
 * Throws a `TypeError` for what can never be a platform: another scheme, credentials, a query or a fragment.
 * Its message repeats nothing of the URL, which may hold a secret.
 */
export function parseAddress(baseUrl: string): Address {
  if (!URL.canParse(baseUrl.trim())) throw new TypeError('the platform URL is not a URL');
  const url = new URL(baseUrl.trim());
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new TypeError('the platform URL must begin with http:// or https://');
  }
  if (url.username || url.password)
    throw new TypeError('the platform URL must not hold a user or a password');
  if (url.search || url.hash) throw new TypeError('the platform URL must not have a query or a fragment');
  const basePath = url.pathname.replace(/\/+$/, '');
  return { base: url.origin + basePath, origin: url.origin, basePath };
}

/**
 * The URL of a path below the base. A path that a URL parser would read in any other way (dot segments, a query, a
 * backslash, a space) is refused before anything is sent: no text from the wire may lead a request elsewhere (W-24).
 */
export function urlBelow(address: Address, path: string, query: Readonly<Record<string, string>> = {}): URL {
  const text = address.base + path;
  const url = URL.canParse(text) ? new URL(text) : null;
  const asWritten = url?.origin === address.origin && url.pathname === address.basePath + path;
  if (!url || !asWritten || !path.startsWith('/') || path.includes('//')) {
    throw new PlatformError('refused', 'a request to a malformed path was not sent');
  }
  url.search = new URLSearchParams(query).toString();
  return url;
}
