import type { LocalPlatform } from '../src/local-platform/local-platform.ts';

/** What a platform has seen, counted as it goes: it keeps only its newest requests. */
export interface Tally {
  /** Requests so far. */
  readonly requests: () => number;
  /** Those that were refused with a 429. */
  readonly refused: () => number;
  /** Requests by route, in pieces of ten seconds. */
  readonly timeline: () => readonly Readonly<Record<string, number>>[];
  /** How often an agent that was present has been marked as gone. */
  readonly stale: () => number;
  stop(): void;
}

/** Counts from now on. */
export function tallyOf(platform: LocalPlatform, members: readonly { readonly id: string }[]): Tally {
  const timeline: Record<string, number>[] = [];
  const beganMs = Date.now();
  const present = new Set<string>();
  let counted = platform.requests.seen.at(-1)?.n ?? 0;
  let refused = 0;
  let stale = 0;

  function look(): void {
    for (const { n, atMs, method, path, route, status } of platform.requests.seen.slice(-LOOKS_BACK)) {
      if (n <= counted) continue;
      // Asked and not answered yet: the next look counts it, and whatever came after it.
      if (status === undefined) break;
      counted = n;
      const asked = route || `${method} ${path.replace(/[0-9a-f-]{36}/, ':id')}`;
      const at = Math.floor((atMs - beganMs) / 10_000);
      timeline[at] ??= {};
      const then = timeline[at];
      then[asked] = (then[asked] ?? 0) + 1;
      if (status === 429) refused += 1;
    }
    for (const { id } of members) {
      const isOnline = platform.workspace(id)?.status === 'online';
      if (!isOnline && present.delete(id)) stale += 1;
      if (isOnline) present.add(id);
    }
  }

  const looking = setInterval(look, LOOK_EVERY_MS);
  return {
    requests: () => platform.requests.seen.at(-1)?.n ?? 0,
    refused: () => refused,
    timeline: () => timeline,
    stale: () => stale,
    stop() {
      clearInterval(looking);
      look();
    },
  };
}

const LOOK_EVERY_MS = 1_000;
const LOOKS_BACK = 5_000;
