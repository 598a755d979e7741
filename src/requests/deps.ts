import type { OwnWorkspace } from '../outbox/deps.ts';

/** What answering requests needs. */
export interface RequestsDeps {
  readonly workspaces: readonly OwnWorkspace[];
  readonly inbox: {
    /** Where the message of a request waits; null when it does not. */
    find(activityId: string): Promise<{ readonly workspaceId: string } | null>;
    popAnswered(workspaceId: string, activityId: string): Promise<boolean>;
  };
}
