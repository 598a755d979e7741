import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../domain/ports/runtime.ts';
import { embedJson } from '../pages/embed.ts';
import { readPage } from '../pages/read-page.ts';
import type { Spectator } from '../recording/spectators.ts';
import { createTextRemover } from '../recording/without-text.ts';
import { admit } from './admit.ts';
import { streamFrames } from './stream-frames.ts';
import { createToStately } from './to-stately.ts';

/** What a live inspector needs. */
export interface InspectorParts {
  readonly watch: (spectator: Spectator) => () => void;
  /** 0 for any that is free. */
  readonly port: number;
  /** Whether message text is shown. */
  readonly withText: boolean;
  /** The address of Stately's inspector. */
  readonly statelyUrl: string;
  readonly clock: Clock;
}

/** A live inspector that listens. */
export interface Inspector {
  /** Our page, the secret in it. */
  readonly url: string;
  /** The page that frames Stately's inspector. */
  readonly statelyUrl: string;
  stop(): Promise<void>;
}

/**
 * Serves the inspector on this machine only, to whoever knows its URL. While no page is open nothing is watched and
 * nothing costs. Rejects when the port is taken or the pages were not built.
 */
export async function startInspector(parts: InspectorParts): Promise<Inspector> {
  const { watch, withText, statelyUrl, clock } = parts;
  const [inspectorPage, statelyPage] = await Promise.all([readPage('inspector'), readPage('stately')]);
  // Of an address that cannot be one, now: not in the middle of a request.
  const statelyOrigin = new URL(statelyUrl).origin;
  const secret = randomBytes(24).toString('base64url');
  const withoutText = createTextRemover();
  const now = () => new Date(clock()).toISOString();
  let open = 0;

  function stream(response: ServerResponse, show: Parameters<typeof streamFrames>[1]['show']): void {
    if (open >= MAX_STREAMS) {
      refuse(response, 503);
      return;
    }
    open += 1;
    response.on('close', () => {
      open -= 1;
    });
    streamFrames(response, { watch, show, now });
  }

  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    const admission = admit(request, port, secret);
    if ('status' in admission) return refuse(response, admission.status);
    switch (admission.path) {
      case '':
        return sendPage(response, inspectorPage.replace('data-mode="report"', 'data-mode="live"'));
      case 'frames':
        return stream(response, (frame) => [withText ? frame : withoutText(frame)]);
      case 'stately':
        return sendPage(
          response,
          embedJson(statelyPage, 'address', [statelyUrl]).replace('{{frameOrigin}}', () => statelyOrigin),
        );
      case 'stately/frames':
        return stream(response, createToStately());
      default:
        return refuse(response, 404);
    }
  });
  server.listen(parts.port, '127.0.0.1');
  await once(server, 'listening');
  // The bridge lives as long as its host, not as long as somebody watches.
  server.unref();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/${secret}/`;
  return {
    url,
    statelyUrl: `${url}stately`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function sendPage(response: ServerResponse, html: string): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/html; charset=utf-8' });
  response.end(html);
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'text/plain' });
  response.end();
}

const MAX_STREAMS = 8;
const HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
};
