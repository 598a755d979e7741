/** A platform's base URL in its one spelling, or what is wrong with it (a clause, without the URL's secrets). */
export type BaseUrlReading =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly reason: string };

/**
 * Reads a base URL once, so that every request and the `Origin` header agree (W-34): white space around it and slashes at
 * its end removed, host in lower case, a default port dropped. Refuses anything but http(s), and credentials, query and
 * fragment, which would have to be carried into every path.
 */
export function normaliseBaseUrl(text: string): BaseUrlReading {
  const trimmed = text.trim();
  if (trimmed === '') return refused('is not set');
  if (!/^https?:\/\//i.test(trimmed)) return refused('does not begin with http:// or https://');
  // `URL` would drop line breaks and take a backslash for a slash.
  if (/[\s\\\p{Cc}]/u.test(trimmed))
    return refused('contains white space, a backslash or a control character');
  if (!URL.canParse(trimmed)) return refused('is not a URL');
  const url = new URL(trimmed);
  if (url.username || url.password) return refused('contains a user name or password');
  if (trimmed.includes('?') || trimmed.includes('#')) return refused('contains a query or a fragment');
  return { ok: true, url: url.origin + url.pathname.replace(/\/+$/, '') };
}

function refused(reason: string): BaseUrlReading {
  return { ok: false, reason };
}
