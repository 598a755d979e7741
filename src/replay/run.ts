import type { Frame } from '../domain/inbox/frame.ts';
import { evolve } from '../domain/inbox/inbox-evolve.ts';
import type { InboxState } from '../domain/inbox/inbox-state.ts';
import { copyOf } from './in-memory.ts';

/** A replay that was played: everything that happened, and what it came to. */
export interface Run {
  readonly workspaceId: string;
  readonly frames: readonly Frame[];
  /** The inbox at the end, folded from the frames' events. */
  readonly state: InboxState;
}

/** Where a replay stops: after the event of that number, or at that time. */
export interface Until {
  readonly seq?: number;
  readonly atMs?: number;
}

/** Ends a run at an event or a time, and folds what is left of it. */
export function endRun(workspaceId: string, initial: InboxState, all: readonly Frame[], until: Until): Run {
  const end = all.findIndex(
    (frame) =>
      Date.parse(frame.at) > (until.atMs ?? Number.POSITIVE_INFINITY) ||
      (frame.type === 'event.appended' && frame.data.event.seq > (until.seq ?? Number.POSITIVE_INFINITY)),
  );
  const frames = end === -1 ? all : all.slice(0, end);
  let state = copyOf(initial);
  for (const frame of frames) {
    if (frame.type === 'event.appended') state = evolve(state, frame.data.event);
  }
  return { workspaceId, frames, state };
}
