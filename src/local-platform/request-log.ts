/** One request as the platform saw it. Credentials are left out. */
export interface SeenRequest {
  /** 1 for the first request of the platform's life. */
  readonly n: number;
  /** Milliseconds since 1970, by the machine's clock. */
  readonly atMs: number;
  readonly method: string;
  /** Path with query, as sent. */
  readonly path: string;
  /** Method and pattern of the route, for example `GET /workspaces/:id/activity`; empty when there is none. */
  readonly route: string;
  /** The `:id` of the path, if the route has one. */
  readonly id: string | undefined;
  readonly query: URLSearchParams;
  /** Lower-case names; without `authorization` and `cookie`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body where it was read as text and is JSON. */
  json?: unknown;
  /** Set once the reply's head was written; 0 when the connection ended without one. */
  status?: number;
}

/** Names a request: by its route, or by anything about it. */
export type RequestMatch = string | ((request: SeenRequest) => boolean);

/** Every request the platform saw, and a way to wait for one without sleeping. */
export interface RequestLog {
  /** The newest requests, oldest first; at most 10,000 are kept. */
  readonly seen: readonly SeenRequest[];
  matching(match: RequestMatch): SeenRequest[];
  /** Resolves with the next request from now on, when it arrives. */
  next(match: RequestMatch, timeoutMs?: number): Promise<SeenRequest>;
  /** Resolves with the next request from now on, when its reply's head was written. */
  nextAnswered(match: RequestMatch, timeoutMs?: number): Promise<SeenRequest>;
  /** Resolves when this many matching requests were answered, earlier ones counted. */
  answered(count: number, match: RequestMatch, timeoutMs?: number): Promise<SeenRequest[]>;
}

/** The log as the server writes it. */
export interface WritableRequestLog extends RequestLog {
  arrived(request: Omit<SeenRequest, 'n'>): SeenRequest;
  wasAnswered(request: SeenRequest, status: number): void;
}

const maxKept = 10_000;
const defaultTimeoutMs = 20_000;

/** Whether a request is the one meant. */
export function matchesRequest(match: RequestMatch, request: SeenRequest): boolean {
  return typeof match === 'string' ? request.route === match : match(request);
}

/** Throws when a route is named that the platform does not have: waiting for it would never end. */
export function checkMatch(match: RequestMatch, routes: ReadonlySet<string>): void {
  if (typeof match !== 'string' || routes.has(match)) return;
  throw new Error(`the local platform has no route "${match}"; it has ${[...routes].sort().join(', ')}`);
}

/**
 * An empty log.
 *
 * @param routes every route there is, for catching misspelt ones.
 */
export function createRequestLog(routes: ReadonlySet<string>): WritableRequestLog {
  const seen: SeenRequest[] = [];
  const observers = new Set<(request: SeenRequest) => void>();
  let count = 0;
  const tell = (request: SeenRequest) => {
    for (const observer of [...observers]) observer(request);
  };

  /** Resolves with the first value that `look` gives when something happened. */
  const wait = <T>(what: string, timeoutMs: number, look: (request?: SeenRequest) => T | undefined) =>
    new Promise<T>((resolve, reject) => {
      const atOnce = look();
      if (atOnce !== undefined) return resolve(atOnce);
      const stop = () => {
        clearTimeout(timer);
        observers.delete(observe);
      };
      const observe = (request: SeenRequest) => {
        const found = look(request);
        if (found === undefined) return;
        stop();
        resolve(found);
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`no ${what} within ${timeoutMs} ms; last seen: ${lastSeen(seen)}`));
      }, timeoutMs);
      observers.add(observe);
    });

  const isAnswered = (request: SeenRequest) => request.status !== undefined;
  return {
    seen,
    matching: (match) => {
      checkMatch(match, routes);
      return seen.filter((request) => matchesRequest(match, request));
    },
    next: (match, timeoutMs = defaultTimeoutMs) => {
      checkMatch(match, routes);
      const before = count;
      return wait(`request ${describe(match)}`, timeoutMs, (request) =>
        request !== undefined && request.n > before && matchesRequest(match, request) ? request : undefined,
      );
    },
    nextAnswered: (match, timeoutMs = defaultTimeoutMs) => {
      checkMatch(match, routes);
      const before = count;
      return wait(`answered request ${describe(match)}`, timeoutMs, (request) =>
        request !== undefined && request.n > before && isAnswered(request) && matchesRequest(match, request)
          ? request
          : undefined,
      );
    },
    answered: (wanted, match, timeoutMs = defaultTimeoutMs) => {
      checkMatch(match, routes);
      return wait(`${wanted} answered requests ${describe(match)}`, timeoutMs, () => {
        const found = seen.filter((request) => isAnswered(request) && matchesRequest(match, request));
        return found.length >= wanted ? found : undefined;
      });
    },
    arrived(draft) {
      const request = { ...draft, n: ++count };
      seen.push(request);
      if (seen.length > maxKept) seen.shift();
      tell(request);
      return request;
    },
    wasAnswered(request, status) {
      if (request.status !== undefined) return;
      request.status = status;
      tell(request);
    },
  };
}

const describe = (match: RequestMatch) => (typeof match === 'string' ? match : 'as described');

const lastSeen = (seen: readonly SeenRequest[]) =>
  seen
    .slice(-5)
    .map((request) => `${request.method} ${request.path} ${request.status ?? '…'}`)
    .join(' · ') || 'nothing';
