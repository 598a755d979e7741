import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What a request is let in for, or the status that it is refused with. */
export type Admission = { readonly path: string } | { readonly status: 403 | 404 | 405 };

/**
 * Lets in who knows the secret and comes from this machine's own page: the `Host` must be the loopback address (a name
 * that was bound to it by a stranger is not), the `Origin`, if there is one, the page's own.
 */
export function admit(request: IncomingMessage, port: number, secret: string): Admission {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host, origin } = request.headers;
  if (host === undefined || !hosts.includes(host)) return { status: 403 };
  if (origin !== undefined && origin !== `http://${host}`) return { status: 403 };
  const [, given = '', ...rest] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
  if (!isSecret(given, secret)) return { status: 404 };
  if (request.method !== 'GET') return { status: 405 };
  return { path: rest.join('/') };
}

function isSecret(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}
