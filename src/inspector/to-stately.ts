import { deliveryMachine } from '../../machines/delivery.ts';
import { supervisorMachine } from '../../machines/supervisor.ts';
import { workspaceMachine } from '../../machines/workspace.ts';
import type { Frame } from '../domain/inbox/frame.ts';
import type { StateValue } from '../domain/inbox/state-value.ts';

/** Turns frames into the messages of `@statelyai/inspect`: actors, events and snapshots; states and event types only. */
export function createToStately(): (frame: Frame) => readonly object[] {
  const introduced = new Set<string>();
  let number = 0;

  return (frame) => {
    if (frame.type !== 'machine.moved') return [];
    const { machine, event, value } = frame.data;
    const sessionId = frame.workspaceId === '' ? machine : `${machine} ${frame.workspaceId}`;
    // Workspaces live under the supervisor; delivery is a system of its own.
    const parentId = machine === 'workspace' ? 'supervisor' : undefined;
    const common = () => ({
      sessionId,
      rootId: parentId ?? sessionId,
      createdAt: String(Date.parse(frame.at)),
      id: String(++number),
      _version: VERSION,
    });
    const snapshot = snapshotAt(value);
    const messages: object[] = [];
    if (!introduced.has(sessionId)) {
      introduced.add(sessionId);
      const definition = DEFINITIONS[machine] ?? '{}';
      messages.push({ type: '@xstate.actor', name: sessionId, parentId, definition, snapshot, ...common() });
    }
    if (event === '') return messages;
    messages.push(
      { type: '@xstate.event', event: { type: event }, ...common() },
      { type: '@xstate.snapshot', event: { type: event }, snapshot, ...common() },
    );
    return messages;
  };
}

function snapshotAt(value: StateValue): object {
  return { status: 'active', value, context: {}, children: {}, tags: [], historyValue: {} };
}

/** Their contexts are functions of the input, so no definition holds one. */
const DEFINITIONS: Readonly<Record<string, string>> = {
  workspace: JSON.stringify(workspaceMachine.config),
  delivery: JSON.stringify(deliveryMachine.config),
  supervisor: JSON.stringify(supervisorMachine.config),
};
/** The version of `@statelyai/inspect` whose messages these are. */
const VERSION = '0.7.2';
