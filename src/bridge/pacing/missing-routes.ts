import type { PlatformCall, PlatformReply } from '../../domain/ports/platform.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import { PlatformError } from '../../domain/wire/platform-error.ts';

/** What a server has said that it has no route for, so that a crowd behind one address need not ask once each. */
export interface MissingRoutes {
  /**
   * Asks, unless another workspace is told in this moment, or was in the last minute, that there is no such route: then
   * it is told the same.
   */
  ask(workspaceId: string, request: PlatformCall, send: () => Promise<PlatformReply>): Promise<PlatformReply>;
  /** Another server may answer from now on. */
  forget(): void;
}

/** Knows of no missing route at first. */
export function createMissingRoutes(clock: Clock = () => performance.now()): MissingRoutes {
  /** When it was said, and in which words. */
  const missing = new Map<string, { readonly sinceMs: number; readonly detail: string }>();
  /** The first to ask for a route, for as long as nobody knows whether it is there. */
  const asking = new Map<string, Promise<unknown>>();

  function isMissing(route: string): boolean {
    return clock() - (missing.get(route)?.sinceMs ?? Number.NEGATIVE_INFINITY) < BELIEVED_FOR_MS;
  }

  async function learn(route: string, send: () => Promise<PlatformReply>): Promise<PlatformReply> {
    try {
      const reply = await send();
      missing.delete(route);
      return reply;
    } catch (error) {
      if (error instanceof PlatformError && error.kind === 'no-such-route')
        missing.set(route, { sinceMs: clock(), detail: error.detail });
      throw error;
    }
  }

  return {
    async ask(workspaceId, { method, path }, send) {
      const route = `${method} ${path.replaceAll(workspaceId, ':id')}`;
      if (!isMissing(route)) {
        const first = asking.get(route);
        if (!first) {
          const learning = learn(route, send).finally(() => asking.delete(route));
          asking.set(route, learning);
          return learning;
        }
        // Whatever else came of it says nothing to others.
        await first.catch(() => {});
      }
      if (!isMissing(route)) return learn(route, send);
      throw new PlatformError('no-such-route', `${method} ${path}: the server has no such route`, {
        status: 404,
        detail: missing.get(route)?.detail ?? '',
      });
    },
    forget: () => missing.clear(),
  };
}

const BELIEVED_FOR_MS = 60_000;
