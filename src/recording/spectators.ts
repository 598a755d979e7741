import type { Frame } from '../domain/inbox/frame.ts';
import type { Clock } from '../domain/ports/runtime.ts';
import type { PlatformTap } from './tap-platform.ts';

/** Hears of everything that happens, in order. Must not throw, and must not keep its caller waiting. */
export type Spectator = (frame: Frame) => void;

/** Begins to tell of what already runs, first where it stands; the result ends it. */
export type Beginning = (see: See) => () => void;

/** Tells all spectators something; `data` is only made when there are any. */
export type See = <Type extends Frame['type']>(
  type: Type,
  workspaceId: string,
  data: () => Extract<Frame, { type: Type }>['data'],
) => void;

/** Whoever watches a running bridge. While nobody does, telling costs one comparison. */
export interface Spectators {
  readonly see: See;
  /** For {@link tapPlatform}; `replied` is to hear of the statuses below it. */
  tapOf(workspaceId: string): PlatformTap & StatusKeeper;
  /** Adds a spectator, who is first told where everything stands by `begin`; the result lets him go. */
  watch(spectator: Spectator, begin: Beginning): () => void;
}

/** Keeps the statuses of replies for as long as their requests' signals live. */
export interface StatusKeeper {
  replied(status: number, signal: AbortSignal): void;
}

/** Spectators without anybody among them yet. */
export function createSpectators(clock: Clock): Spectators {
  const watching = new Set<Spectator>();
  const see = tellingTo(watching, clock);
  const statuses = new WeakMap<AbortSignal, number>();

  return {
    see,
    tapOf: (workspaceId) => ({
      isOpen: () => watching.size > 0,
      replied(status, signal) {
        if (watching.size > 0) statuses.set(signal, status);
      },
      statusOf: (signal) => statuses.get(signal) ?? 200,
      row: (row) => see('row.served', workspaceId, () => ({ row })),
      reply: (call, status, kind) => see('reply.received', workspaceId, () => ({ call, status, kind })),
    }),
    watch(spectator, begin) {
      const end = begin(tellingTo([spectator], clock));
      watching.add(spectator);
      return () => {
        watching.delete(spectator);
        end();
      };
    },
  };
}

function tellingTo(spectators: Iterable<Spectator>, clock: Clock): See {
  return (type, workspaceId, data) => {
    let frame: Frame | null = null;
    for (const spectator of spectators) {
      frame ??= { type, at: new Date(clock()).toISOString(), workspaceId, data: data() } as Frame;
      spectator(frame);
    }
  };
}
