import type { StoredEvent } from '../../domain/events.ts';
import { describeDeafness } from '../../domain/inbox/deafness.ts';
import type { InboxState } from '../../domain/inbox/inbox-state.ts';
import type { WorkspaceStatus } from '../../domain/ports/agent.ts';
import type { Clock } from '../../domain/ports/runtime.ts';

/** Remembers what was offered and what was taken or read, so that the status can tell of a host that is deaf. */
export interface Hearing {
  /** A durable event of a workspace. */
  note(workspaceId: string, event: StoredEvent): void;
  /** An agent has read messages here. */
  noteRead(): void;
  /** What the status says of a workspace that this process delivers. */
  of(workspaceId: string, state: Readonly<InboxState>): Pick<WorkspaceStatus, 'lastReadAt' | 'attention'>;
}

/** Makes one for the life of a process. What an earlier process offered counts from its start. */
export function createHearing(clock: Clock): Hearing {
  const startedAtMs = clock();
  const offeredAtMs = new Map<string, number>();
  const poppedAtMs = new Map<string, number>();
  let readAtMs = 0;

  return {
    note(workspaceId, event) {
      if (event.type === 'message.offered') {
        for (const id of event.data.activityIds)
          if (!offeredAtMs.has(id)) offeredAtMs.set(id, Date.parse(event.at));
      }
      if (event.type === 'message.popped') {
        offeredAtMs.delete(event.data.activityId);
        poppedAtMs.set(workspaceId, Date.parse(event.at));
      }
    },
    noteRead() {
      readAtMs = clock();
    },
    of(workspaceId, { inbox }) {
      const offered = [...inbox].filter(([, { offeredIn }]) => offeredIn.length > 0);
      return {
        lastReadAt: readAtMs === 0 ? null : new Date(readAtMs).toISOString(),
        attention: describeDeafness({
          offeredAtMs: offered.map(([id]) => offeredAtMs.get(id) ?? startedAtMs),
          takenAtMs: Math.max(readAtMs, poppedAtMs.get(workspaceId) ?? 0),
          nowMs: clock(),
        }),
      };
    },
  };
}
