import { describeDeafness } from '../../domain/inbox/deafness.ts';
import type { InboxState } from '../../domain/inbox/inbox-state.ts';
import type { WorkspaceStatus } from '../../domain/ports/agent.ts';
import type { Clock } from '../../domain/ports/runtime.ts';

/** Remembers what was read, so that the status can tell of a host that is deaf. */
export interface Hearing {
  /** An agent has read messages here. */
  noteRead(): void;
  /** What the status says of a workspace that this process delivers. */
  of(state: Readonly<InboxState>): Pick<WorkspaceStatus, 'lastReadAt' | 'attention'>;
}

/** Makes one for the life of a process. What an earlier process offered counts from its start. */
export function createHearing(clock: Clock): Hearing {
  const startedAtMs = clock();
  let readAtMs = 0;

  return {
    noteRead() {
      readAtMs = clock();
    },
    of({ inbox, poppedAtMs }) {
      const offered = [...inbox.values()].filter(({ offeredIn }) => offeredIn.length > 0);
      return {
        lastReadAt: readAtMs === 0 ? null : new Date(readAtMs).toISOString(),
        attention: describeDeafness({
          offeredAtMs: offered.map(({ offeredAtMs = 0 }) => Math.max(offeredAtMs, startedAtMs)),
          takenAtMs: Math.max(readAtMs, poppedAtMs),
          nowMs: clock(),
        }),
      };
    },
  };
}
