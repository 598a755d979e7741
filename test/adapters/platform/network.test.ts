import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAgents, type Network } from '../../../adapters/platform/agents.ts';
import { proxyFor } from '../../../src/domain/network/proxy.ts';
import { answeringJson, startOddServer } from '../../support/odd-server.ts';
import { forever, IDLE_BEAT, platformAt, refusal } from '../../support/platform-client.ts';
import { CA_FILE, startTlsFront } from '../../support/tls-front.ts';
import { startTunnelProxy } from '../../support/tunnel-proxy.ts';

const certificates = [readFileSync(CA_FILE, 'utf8')];

/** The platform adapter over a network of its own, which ends with the test. */
function platformOver(url: string, network: Partial<Network>) {
  const agents = createAgents({}, { proxyFor: () => null, certificates: [], ...network });
  onTestFinished(() => agents.close());
  return platformAt(url, { agents });
}

async function startServer() {
  const server = await startOddServer(answeringJson(200, { status: 'ok' }));
  return { ...server, port: Number(new URL(server.url).port) };
}

describe('through a proxy', () => {
  it.each(['http', 'https'] as const)(
    'an %s platform is reached by a tunnel to its name, which nobody here looks up',
    async (scheme) => {
      const server = await startServer();
      const port = scheme === 'http' ? server.port : await startTlsFront(server.port);
      const proxy = await startTunnelProxy({ port });
      const url = proxy.url.replace('http://', 'http://user:p%40ss@');
      const settings = { httpProxy: url, httpsProxy: url, noProxy: 'elsewhere.test' };
      const platform = platformOver(`${scheme}://platform.test:8443`, {
        certificates,
        proxyFor: (origin) => proxyFor(origin, settings),
      });
      for (const _ of [1, 2, 3]) await platform.heartbeat(IDLE_BEAT, forever);
      expect(server.seen.map(({ headers }) => headers.host)).toEqual(Array(3).fill('platform.test:8443'));
      expect(server.seen[0]?.headers.origin).toBe(`${scheme}://platform.test:8443`);
      expect(proxy.targets).toEqual(['platform.test:8443']);
      expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('user:p@ss').toString('base64')}`]);
    },
  );

  it('a refusal names the proxy, not its password', async () => {
    const proxy = await startTunnelProxy({ status: 407 });
    const url = proxy.url.replace('http://', 'http://user:secret@');
    const platform = platformOver('http://platform.test', { proxyFor: () => url });
    const error = await refusal(platform.heartbeat(IDLE_BEAT, forever));
    expect(error).toMatchObject({ kind: 'unavailable' });
    expect(error.message).toContain('the proxy refused to connect (407)');
    expect(`${error.message}${error.stack}`).not.toContain('secret');
  });
});

describe('over TLS', () => {
  it('an authority of the user is trusted, beside those that Node brings', async () => {
    const server = await startServer();
    const port = await startTlsFront(server.port);
    await platformOver(`https://127.0.0.1:${port}`, { certificates }).heartbeat(IDLE_BEAT, forever);
    expect(server.seen).toHaveLength(1);
  });

  it.each([
    ['server', [], 'signed by nobody that is trusted'],
    ['expired', certificates, 'has expired'],
    ['other', certificates, 'is for another name'],
  ] as const)(
    'a certificate (%s) that proves nothing is refused before the token is sent',
    async (name, trusted, reason) => {
      const server = await startServer();
      const port = await startTlsFront(server.port, name);
      const platform = platformOver(`https://127.0.0.1:${port}`, { certificates: trusted });
      const error = await refusal(platform.heartbeat(IDLE_BEAT, forever));
      expect(error.kind).toBe('unavailable');
      expect(error.message).toContain(reason);
      expect(server.seen).toHaveLength(0);
    },
  );
});
