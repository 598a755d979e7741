import type { Reply } from '../local-platform/http/reply.ts';
import type { Route } from '../local-platform/http/route.ts';
import { readPage } from '../pages/read-page.ts';

/** The web chat at `/`. The page holds nothing private: the token stands in the fragment of the URL that is printed. */
export const canvasRoutes: readonly Route[] = [{ at: 'GET /', guard: 'open', handle: sendCanvas }];

/** The URL of the canvas for whoever holds the admin token. */
export function canvasUrl(platform: { readonly url: string; readonly adminToken: string }): string {
  return `${platform.url}/#token=${encodeURIComponent(platform.adminToken)}`;
}

/** The page's own policy, which knows its script, takes the place of the platform's. */
async function sendCanvas(): Promise<Reply> {
  const html = await readPage('canvas');
  const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy },
    body: { kind: 'bytes', bytes: Buffer.from(html) },
  };
}
