import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** An HTTP proxy that tunnels, and what it was asked for. */
export interface TunnelProxy {
  readonly url: string;
  /** The targets of its tunnels, `host:port` as asked for. */
  readonly targets: readonly string[];
  /** `Proxy-Authorization` of each. */
  readonly authorizations: readonly (string | undefined)[];
}

/** Starts a proxy which leads every tunnel to one port of this machine, whatever was asked for; or refuses with a status. */
export async function startTunnelProxy(
  to: { readonly port: number } | { readonly status: number },
): Promise<TunnelProxy> {
  const targets: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connection', (socket) => sockets.add(socket));
  server.on('connect', (request, front: Socket) => {
    targets.push(request.url ?? '');
    authorizations.push(request.headers['proxy-authorization']);
    if ('status' in to) return void front.end(`HTTP/1.1 ${to.status} No\r\ncontent-length: 0\r\n\r\n`);
    const back = connect(to.port, '127.0.0.1');
    sockets.add(back);
    back.on('error', () => front.destroy()).on('close', () => front.destroy());
    front.on('error', () => back.destroy()).on('close', () => back.destroy());
    front.write('HTTP/1.1 200 Connection established\r\n\r\n');
    front.pipe(back).pipe(front);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, targets, authorizations };
}
