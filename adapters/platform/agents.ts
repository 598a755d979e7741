import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createSecureContext, rootCertificates } from 'node:tls';
import { HttpProxyAgent, HttpsProxyAgent } from 'hpagent';

/**
 * What must not wait for each other has sockets of its own: a heartbeat never queues behind the feed, a poll never
 * behind a file, nothing behind a peer that takes minutes to answer.
 */
export type Lane = 'presence' | 'feed' | 'files' | 'calls' | 'wakeUps';

/** Most sockets that a lane opens to one origin, over all workspaces that share the agents. */
export type SocketLimits = Readonly<Record<Lane, number>>;

/** Keep-alive agents, one pair a lane. Give the same to every platform of a process, so that an origin's sockets are shared. */
export interface PlatformAgents {
  /** The agents of a lane for one origin, which may be reached through a proxy. */
  readonly of: (lane: Lane, origin: string) => AgentPair;
  /** Closes every socket, busy ones too. */
  close(): void;
}

/** An agent for each scheme. */
export interface AgentPair {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/** How the world is reached from here. */
export interface Network {
  /** The proxy for an origin, a URL; null for a direct connection. */
  readonly proxyFor: (origin: string) => string | null;
  /** Certificate authorities in PEM, trusted beside those that Node brings. */
  readonly certificates: readonly string[];
}

/** Wake-up streams hold a socket each as long as they live, so theirs are as many as there are workspaces. */
export const DEFAULT_SOCKETS: SocketLimits = {
  presence: 8,
  feed: 16,
  files: 8,
  calls: 16,
  wakeUps: Number.POSITIVE_INFINITY,
};

/** No proxy, nobody else's certificates. */
export const DIRECT: Network = { proxyFor: () => null, certificates: [] };

/** Makes the agents of a process. An idle socket is closed after 45 s, before the usual proxies drop it unannounced. */
export function createAgents(limits: Partial<SocketLimits> = {}, network: Network = DIRECT): PlatformAgents {
  const sockets: SocketLimits = { ...DEFAULT_SOCKETS, ...limits };
  const pairs = new Map<string, AgentPair>();
  const trust =
    network.certificates.length === 0
      ? {}
      : { secureContext: createSecureContext({ ca: [...rootCertificates, ...network.certificates] }) };

  function createPair(lane: Lane, proxy: string | null): AgentPair {
    const options = { keepAlive: lane !== 'wakeUps', maxSockets: sockets[lane], timeout: IDLE_MS };
    if (proxy === null)
      return { http: new HttpAgent(options), https: new HttpsAgent({ ...options, ...trust }) };
    const proxied = { ...options, proxy };
    return { http: new HttpProxyAgent(proxied), https: new HttpsProxyAgent({ ...proxied, ...trust }) };
  }

  return {
    of(lane, origin) {
      const proxy = network.proxyFor(origin);
      const key = `${lane} ${proxy}`;
      const pair = pairs.get(key) ?? createPair(lane, proxy);
      pairs.set(key, pair);
      return pair;
    },
    close() {
      for (const { http, https } of pairs.values()) {
        http.destroy();
        https.destroy();
      }
    },
  };
}

const IDLE_MS = 45_000;
