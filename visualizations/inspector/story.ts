import type { Frame, MachineMove } from '../../src/domain/inbox/frame.ts';
import { evolve } from '../../src/domain/inbox/inbox-evolve.ts';
import { type InboxState, initialState } from '../../src/domain/inbox/inbox-state.ts';
import { stateFromJson, stateToJson } from '../../src/domain/inbox/state-json.ts';
import { activeStates, eventInWords, leavesOf, type StateValue } from '../../src/domain/inbox/state-value.ts';
import { copyFlow, createFlow, type Flow, noteEvent, noteRow } from './flow.ts';

/** Everything that frames have told so far: the same fold as the bridge's, in the page. */
export interface Story {
  /** Frames taken in. */
  frames: number;
  at: string;
  /** Whether rows are among the frames: an event log holds none. */
  readonly tellsRows: boolean;
  /** By workspace id, in the order in which they were first heard of. */
  readonly workspaces: Map<string, WorkspaceStory>;
  /** The machines that serve all workspaces, by name: delivery and the supervisor. */
  readonly shared: Map<string, MachineStory>;
  dropped: number;
}

/** One workspace: its folded log, its machine, and what went through since the log's state was told. */
export interface WorkspaceStory {
  state: InboxState;
  machine: MachineStory | null;
  flow: Flow;
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
export function createStory(tellsRows = true): Story {
  return { frames: 0, at: '', tellsRows, workspaces: new Map(), shared: new Map(), dropped: 0 };
}

/** Takes one frame in; changes the story that it is given. */
export function tell(story: Story, frame: Frame): void {
  story.frames += 1;
  story.at = frame.at;
  if (frame.type === 'frames.dropped') story.dropped += frame.data.count;
  else if (frame.type === 'machine.moved' && frame.data.machine !== 'workspace') {
    const { machine } = frame.data;
    story.shared.set(machine, moved(story.shared.get(machine) ?? null, frame.data));
  } else tellWorkspace(workspaceOf(story, frame.workspaceId), frame);
}

/** The story that some frames lead to from another, which stays as it is. */
export function storyAfter(beginning: Story, frames: readonly Frame[]): Story {
  const story: Story = { ...beginning, workspaces: new Map(), shared: new Map(beginning.shared) };
  for (const [id, workspace] of beginning.workspaces) {
    const state = stateFromJson(stateToJson(workspace.state)) ?? initialState();
    story.workspaces.set(id, { ...workspace, state, flow: copyFlow(workspace.flow) });
  }
  for (const frame of frames) tell(story, frame);
  return story;
}

function workspaceOf(story: Story, id: string): WorkspaceStory {
  const known = story.workspaces.get(id);
  if (known) return known;
  const state = initialState();
  const flow = createFlow(story.at, story.tellsRows, state);
  const added: WorkspaceStory = { state, machine: null, flow, lastFailure: null };
  story.workspaces.set(id, added);
  return added;
}

function tellWorkspace(workspace: WorkspaceStory, frame: Frame): void {
  switch (frame.type) {
    case 'ledger.opened':
      workspace.state = stateFromJson(frame.data.state) ?? initialState();
      workspace.flow = createFlow(frame.at, workspace.flow.tellsRows, workspace.state);
      break;
    case 'row.served':
      noteRow(workspace.flow, frame.data.row, workspace.state);
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
      noteEvent(workspace.flow, event, workspace.state);
      workspace.state = evolve(workspace.state, event);
    }
  }
}

function moved(before: MachineStory | null, { value, event }: MachineMove): MachineStory {
  const left = before === null ? [] : leavesOf(before.value);
  const leaves = leavesOf(value);
  const entered = deepest(leaves.filter((leaf) => !left.includes(leaf))) ?? before?.entered ?? '';
  return { before: before?.value ?? null, value, entered, event: eventInWords(event) };
}

function deepest(paths: readonly string[]): string | undefined {
  const depthOf = (path: string) => path.split('.').length;
  return [...paths].sort((a, b) => depthOf(b) - depthOf(a))[0];
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
