import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { resolve } from 'node:path';
import { createServer } from 'node:tls';
import { onTestFinished } from 'vitest';

/** The authority that has signed the certificates of {@link startTlsFront}; nobody trusts it unless told to. */
export const CA_FILE = resolve('test/fixtures/tls/ca.pem');

/** Certificates: a good one, one for another name, one of January 2020. */
export type Certificate = 'server' | 'other' | 'expired';

/**
 * TLS before a plain HTTP server, as a proxy terminates it; ends with the test. Resolves with its port on 127.0.0.1: reach it
 * under `localhost`, `platform.test` or `127.0.0.1`.
 */
export async function startTlsFront(
  behindPort: number,
  certificate: Certificate = 'server',
): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer(
    {
      cert: readFileSync(`test/fixtures/tls/${certificate}.pem`),
      key: readFileSync(`test/fixtures/tls/${certificate}-key.pem`),
    },
    (front) => {
      const back = connect(behindPort, '127.0.0.1');
      for (const [one, other] of [
        [front, back],
        [back, front],
      ] as const) {
        sockets.add(one);
        one.on('error', () => other.destroy()).on('close', () => other.destroy());
        one.pipe(other);
      }
    },
  );
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  return (server.address() as AddressInfo).port;
}
