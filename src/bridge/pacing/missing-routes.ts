import type { PlatformCall, PlatformReply } from '../../domain/ports/platform.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import { PlatformError } from '../../domain/wire/platform-error.ts';

/** What a server has said that it has no route for, so that a crowd behind one address need not ask once each. */
export interface MissingRoutes {
  /** Asks, unless another workspace was told in the last minute that there is no such route: then it is told the same. */
  ask(workspaceId: string, request: PlatformCall, send: () => Promise<PlatformReply>): Promise<PlatformReply>;
  /** Another server may answer from now on. */
  forget(): void;
}

/** Knows of no missing route at first. */
export function createMissingRoutes(clock: Clock = () => performance.now()): MissingRoutes {
  const missingSince = new Map<string, number>();

  return {
    async ask(workspaceId, { method, path }, send) {
      const route = `${method} ${path.replaceAll(workspaceId, ':id')}`;
      const sinceMs = missingSince.get(route);
      if (sinceMs !== undefined && clock() - sinceMs < BELIEVED_FOR_MS)
        throw new PlatformError('no-such-route', `${method} ${path}: the server has no such route`, {
          status: 404,
        });
      try {
        return await send();
      } catch (error) {
        if (error instanceof PlatformError && error.kind === 'no-such-route')
          missingSince.set(route, clock());
        throw error;
      }
    },
    forget: () => missingSince.clear(),
  };
}

const BELIEVED_FOR_MS = 60_000;
