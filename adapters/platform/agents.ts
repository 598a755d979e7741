import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/**
 * What must not wait for each other has sockets of its own: a heartbeat never queues behind the feed, a poll never
 * behind a file, nothing behind a peer that takes minutes to answer.
 */
export type Lane = 'presence' | 'feed' | 'files' | 'calls' | 'wakeUps';

/** Most sockets that a lane opens to one origin, over all workspaces that share the agents. */
export type SocketLimits = Readonly<Record<Lane, number>>;

/** Keep-alive agents, one pair a lane. Give the same to every platform of a process, so that an origin's sockets are shared. */
export interface PlatformAgents {
  readonly of: (lane: Lane) => { readonly http: HttpAgent; readonly https: HttpsAgent };
  /** Closes every socket, busy ones too. */
  close(): void;
}

/** Wake-up streams hold a socket each as long as they live, so theirs are as many as there are workspaces. */
export const DEFAULT_SOCKETS: SocketLimits = {
  presence: 8,
  feed: 16,
  files: 8,
  calls: 16,
  wakeUps: Number.POSITIVE_INFINITY,
};

/** Makes the agents of a process. An idle socket is closed after 45 s, before the usual proxies drop it unannounced. */
export function createAgents(limits: Partial<SocketLimits> = {}): PlatformAgents {
  const sockets: SocketLimits = { ...DEFAULT_SOCKETS, ...limits };
  const pair = (lane: Lane) => {
    const options = { keepAlive: lane !== 'wakeUps', maxSockets: sockets[lane], timeout: IDLE_MS };
    return { http: new HttpAgent(options), https: new HttpsAgent(options) };
  };
  const agents = {
    presence: pair('presence'),
    feed: pair('feed'),
    files: pair('files'),
    calls: pair('calls'),
    wakeUps: pair('wakeUps'),
  };
  return {
    of: (lane) => agents[lane],
    close() {
      for (const { http, https } of Object.values(agents)) {
        http.destroy();
        https.destroy();
      }
    },
  };
}

const IDLE_MS = 45_000;
