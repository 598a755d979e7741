import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as an odd server saw it, its head only. */
export interface OddRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

/** A server on 127.0.0.1 that answers whatever a test likes. */
export interface OddServer {
  readonly url: string;
  readonly seen: readonly OddRequest[];
  /** Connections that were ever opened. */
  readonly accepted: () => number;
  /** Connections that are open now. */
  readonly open: () => number;
}

/** Starts a server that answers as `handle` says. It ends with the test, taking its connections with it. */
export async function startOddServer(
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<OddServer> {
  const seen: OddRequest[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, headers });
    handle(request, response);
  });
  return { ...(await listen(server)), seen };
}

/** Starts a server that speaks raw bytes instead of HTTP. */
export async function startRawServer(handle: (socket: Socket) => void): Promise<Omit<OddServer, 'seen'>> {
  return listen(createTcpServer(handle));
}

/** Answers the first bytes of a connection with these, and leaves it open. */
export function answeringRaw(text: string): (socket: Socket) => void {
  return (socket) => socket.once('data', () => socket.write(text));
}

/** Answers every request alike. */
export function answering(
  status: number,
  headers: Record<string, string> = {},
  body: string | Uint8Array = '',
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    request.resume();
    response.writeHead(status, headers).end(body);
  };
}

/** Answers every request with JSON. */
export function answeringJson(status: number, value: unknown, headers: Record<string, string> = {}) {
  return answering(
    status,
    { 'content-type': 'application/json; charset=utf-8', ...headers },
    JSON.stringify(value),
  );
}

async function listen(server: ReturnType<typeof createTcpServer>): Promise<Omit<OddServer, 'seen'>> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, accepted: () => accepted, open: () => sockets.size };
}

/** A URL on which nobody listens. */
export async function nobodyAt(): Promise<string> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}
