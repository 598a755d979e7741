/** One event on a workspace's stream (§12.1). */
export interface WakeUp {
  readonly type: string;
  /** Milliseconds since 1970, when it was raised. */
  readonly timestamp: number;
  readonly data: Record<string, unknown>;
}

/** Events to whoever listens at this moment: nothing is kept, nothing replayed. */
export interface WakeUps {
  raise(workspaceId: string, type: string, data: Record<string, unknown>): void;
  /** @returns how to stop listening. */
  listen(workspaceId: string, listener: (event: WakeUp) => void): () => void;
}

/** Wake-ups with no listener yet. */
export function createWakeUps(nowMs: () => number): WakeUps {
  const listeners = new Map<string, Set<(event: WakeUp) => void>>();
  return {
    raise(workspaceId, type, data) {
      const event = { type, timestamp: nowMs(), data };
      for (const listener of listeners.get(workspaceId) ?? []) listener(event);
    },
    listen(workspaceId, listener) {
      const ofWorkspace = listeners.get(workspaceId) ?? new Set();
      listeners.set(workspaceId, ofWorkspace.add(listener));
      return () => {
        ofWorkspace.delete(listener);
      };
    },
  };
}
