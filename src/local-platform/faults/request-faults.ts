import { checkMatch, matchesRequest, type RequestMatch, type SeenRequest } from '../request-log.ts';
import type { Fault } from './fault.ts';

/** A fault that is switched on. */
export interface SwitchedFault {
  /** How many requests it will still meet. */
  readonly remaining: number;
  off(): void;
}

/** A request held back until it is released. */
export interface HeldRequests extends SwitchedFault {
  /** Lets every held request go on, and meets no further ones. */
  release(): void;
}

/** Faults that meet requests. */
export interface RequestFaults {
  /** Lets a fault meet the next matching requests: one unless `times` says more (`Infinity` for all). */
  on(match: RequestMatch, fault: Fault, options?: { times?: number }): SwitchedFault;
  /** Holds matching requests before they are handled. */
  hold(match: RequestMatch, options?: { times?: number }): HeldRequests;
  /** Switches every fault off and releases what is held. */
  clear(): void;
  /** The faults that meet this request; counts them down. */
  meeting(request: SeenRequest): Fault[];
}

/**
 * No faults.
 *
 * @param routes every route there is, for catching misspelt ones.
 */
export function createRequestFaults(routes: ReadonlySet<string>): RequestFaults {
  interface Active {
    match: RequestMatch;
    fault: Fault;
    remaining: number;
    release?: () => void;
  }
  const active = new Set<Active>();
  const handle = (entry: Active): SwitchedFault => ({
    get remaining() {
      return active.has(entry) ? entry.remaining : 0;
    },
    off: () => {
      active.delete(entry);
    },
  });
  const releases = new Set<() => void>();

  return {
    on(match, fault, { times = 1 } = {}) {
      checkMatch(match, routes);
      const entry = { match, fault, remaining: times };
      active.add(entry);
      return handle(entry);
    },
    hold(match, { times = 1 } = {}) {
      checkMatch(match, routes);
      let open = () => {};
      const until = new Promise<void>((resolve) => {
        open = resolve;
      });
      const entry = { match, fault: { kind: 'hold', until } as const, remaining: times };
      active.add(entry);
      const release = () => {
        active.delete(entry);
        releases.delete(release);
        open();
      };
      releases.add(release);
      return Object.assign(handle(entry), { release });
    },
    clear() {
      active.clear();
      for (const release of releases) release();
    },
    meeting(request) {
      const met: Fault[] = [];
      for (const entry of active) {
        if (!matchesRequest(entry.match, request)) continue;
        met.push(entry.fault);
        entry.remaining -= 1;
        if (entry.remaining <= 0) active.delete(entry);
      }
      return met;
    },
  };
}
