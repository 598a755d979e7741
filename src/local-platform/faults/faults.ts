import type { ActivityRow } from '../rules/activity-row.ts';
import type { Feed } from '../world/feed.ts';
import type { CommitFaults } from './commit-faults.ts';
import type { RequestFaults } from './request-faults.ts';
import type { StreamFaults } from './stream-faults.ts';

/** Everything that tests can make go wrong, switched at run time. */
export interface Faults extends Omit<RequestFaults, 'meeting'> {
  readonly commits: Omit<CommitFaults, 'gate'>;
  readonly stream: StreamFaults;
  /** Deletes rows as retention does; a cursor on one of them is then 410 (§4.6). Gives their number. */
  prune(workspaceId: string, match?: (row: ActivityRow) => boolean): number;
}

/** Joins the faults of each part of the platform. */
export function createFaults(
  requests: RequestFaults,
  commits: CommitFaults,
  stream: StreamFaults,
  feed: Feed,
): Faults {
  return {
    on: requests.on,
    hold: requests.hold,
    clear() {
      requests.clear();
      commits.clear();
      stream.mode = 'normal';
    },
    commits,
    stream,
    prune: (workspaceId, match = () => true) => feed.prune(workspaceId, match),
  };
}
