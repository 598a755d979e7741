import type { OwnWorkspace } from '../outbox/deps.ts';

/** Everything that memories are made of. */
export interface MemoryDeps {
  readonly workspaces: readonly OwnWorkspace[];
}
