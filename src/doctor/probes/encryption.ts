import { isIP } from 'node:net';
import { connect, rootCertificates } from 'node:tls';

/** What a TLS handshake came to. */
export type EncryptionFacts =
  | { readonly kind: 'agreed'; readonly protocol: string; readonly validUntilMs: number }
  | { readonly kind: 'failed'; readonly code: string };

/** Shakes hands with an https origin and hangs up; nothing is asked for. */
export function shakeHands(
  origin: string,
  certificates: readonly string[],
  timeoutMs: number,
): Promise<EncryptionFacts> {
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: Number(port || 443),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(certificates.length > 0 ? { ca: [...rootCertificates, ...certificates] } : {}),
    });
    const finish = (facts: EncryptionFacts) => {
      socket.destroy();
      resolve(facts);
    };
    socket.setTimeout(timeoutMs, () => finish({ kind: 'failed', code: 'ETIMEDOUT' }));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      finish({ kind: 'failed', code: error.code ?? 'no code' }),
    );
    socket.once('secureConnect', () =>
      finish({
        kind: 'agreed',
        protocol: socket.getProtocol() ?? 'TLS',
        validUntilMs: Date.parse(socket.getPeerCertificate().valid_to),
      }),
    );
  });
}
