import type { Frame, MachineMove } from '../../src/domain/inbox/frame.ts';
import { evolve } from '../../src/domain/inbox/inbox-evolve.ts';
import { type InboxState, initialState } from '../../src/domain/inbox/inbox-state.ts';
import { stateFromJson, stateToJson } from '../../src/domain/inbox/state-json.ts';
import { activeStates, eventInWords, leavesOf, type StateValue } from '../../src/domain/inbox/state-value.ts';

/** Everything that frames have told so far: the same fold as the bridge's, in the page. */
export interface Story {
  /** Frames taken in. */
  frames: number;
  at: string;
  /** By workspace id, in the order in which they were first heard of. */
  readonly workspaces: Map<string, WorkspaceStory>;
  /** The delivery machine, which serves all workspaces. */
  delivery: MachineStory | null;
  dropped: number;
}

/** One workspace: its folded log, its machine, and what no log holds. */
export interface WorkspaceStory {
  state: InboxState;
  machine: MachineStory | null;
  rowsServed: number;
  offered: number;
  lastFailure: string | null;
}

/** Where a machine is, and the step that led there. */
export interface MachineStory {
  readonly before: StateValue | null;
  readonly value: StateValue;
  /** The innermost state that was entered last: what to look at. */
  readonly entered: string;
  /** In words; empty when it was found there. */
  readonly event: string;
}

/** A story that nothing was told of. */
export function createStory(): Story {
  return { frames: 0, at: '', workspaces: new Map(), delivery: null, dropped: 0 };
}

/** Takes one frame in; changes the story that it is given. */
export function tell(story: Story, frame: Frame): void {
  story.frames += 1;
  story.at = frame.at;
  if (frame.type === 'frames.dropped') story.dropped += frame.data.count;
  else if (frame.type === 'machine.moved' && frame.data.machine === 'delivery')
    story.delivery = moved(story.delivery, frame.data);
  else if (frame.workspaceId !== '' || frame.type !== 'machine.moved')
    tellWorkspace(workspaceOf(story, frame.workspaceId), frame);
}

/** The story that some frames lead to from another, which stays as it is. */
export function storyAfter(beginning: Story, frames: readonly Frame[]): Story {
  const story: Story = { ...beginning, workspaces: new Map() };
  for (const [id, workspace] of beginning.workspaces) {
    const state = stateFromJson(stateToJson(workspace.state)) ?? initialState();
    story.workspaces.set(id, { ...workspace, state });
  }
  for (const frame of frames) tell(story, frame);
  return story;
}

function workspaceOf(story: Story, id: string): WorkspaceStory {
  const known = story.workspaces.get(id);
  if (known) return known;
  const state = initialState();
  const added: WorkspaceStory = { state, machine: null, rowsServed: 0, offered: 0, lastFailure: null };
  story.workspaces.set(id, added);
  return added;
}

function tellWorkspace(workspace: WorkspaceStory, frame: Frame): void {
  switch (frame.type) {
    case 'ledger.opened':
      workspace.state = stateFromJson(frame.data.state) ?? initialState();
      break;
    case 'row.served':
      workspace.rowsServed += 1;
      break;
    case 'machine.moved':
      workspace.machine = moved(workspace.machine, frame.data);
      break;
    case 'reply.received':
      if (frame.data.kind !== null && frame.data.kind !== PROBED)
        workspace.lastFailure = `${frame.data.call}: ${frame.data.status} ${frame.data.kind}`;
      break;
    case 'event.appended': {
      const { event } = frame.data;
      // A state that was told includes what was still on its way to the disk.
      if (event.seq <= workspace.state.seq) break;
      if (event.type === 'message.offered') workspace.offered += event.data.activityIds.length;
      workspace.state = evolve(workspace.state, event);
    }
  }
}

function moved(before: MachineStory | null, { value, event }: MachineMove): MachineStory {
  const left = before === null ? [] : leavesOf(before.value);
  const leaves = leavesOf(value);
  const entered = leaves.find((leaf) => !left.includes(leaf)) ?? before?.entered ?? '';
  return { before: before?.value ?? null, value, entered, event: eventInWords(event) };
}

/** What a server without a route answers to whoever asks what it can do: no failure. */
export const PROBED = 'no-such-route';

/** An arrow of a chart, as the drawing names it. */
export interface ChartArrow {
  readonly from: string;
  readonly to: string;
  readonly events: readonly string[];
}

/**
 * The arrows that a machine's last step took: those of its event that lead from where it was to where it is. A step that
 * only passes through a state on its way shows the arrow to that state.
 */
export function takenArrows<Drawn extends ChartArrow>(
  { before, value, event }: MachineStory,
  arrows: readonly Drawn[],
): readonly Drawn[] {
  if (before === null || event === '') return [];
  const [left, entered] = [activeStates(before), activeStates(value)];
  const possible = arrows.filter(
    ({ from, events }) => events.includes(event) && (from === 'anywhere' || left.has(from)),
  );
  const direct = possible.filter(({ to }) => entered.has(to));
  return direct.length > 0 ? direct : possible;
}
