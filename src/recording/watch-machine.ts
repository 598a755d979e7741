import type { AnyActorRef } from 'xstate';
import type { MachineMove } from '../domain/inbox/frame.ts';
import type { StateValue } from '../domain/inbox/state-value.ts';

/**
 * Tells each step of a machine from now on, first where it is. Names only: neither its context nor what an event
 * carries. The result ends it.
 */
export function watchMachine(
  actor: AnyActorRef,
  machine: string,
  onMove: (move: MachineMove) => void,
): () => void {
  const value = placeOf(actor.getSnapshot());
  if (value !== null) onMove({ machine, event: '', value });
  const watch = actor.system.inspect((inspected) => {
    if (inspected.type !== '@xstate.snapshot' || inspected.actorRef !== actor) return;
    const moved = placeOf(inspected.snapshot);
    if (moved !== null) onMove({ machine, event: inspected.event.type, value: moved });
  });
  return () => watch.unsubscribe();
}

/** The same for every machine of a system whose id is wanted, those that start later included. */
export function watchMachines(
  root: AnyActorRef,
  machine: string,
  isWanted: (id: string) => boolean,
  onMove: (id: string, move: MachineMove) => void,
): () => void {
  for (const child of Object.values<AnyActorRef>(root.getSnapshot().children)) {
    const value = isWanted(child.id) ? placeOf(child.getSnapshot()) : null;
    if (value !== null) onMove(child.id, { machine, event: '', value });
  }
  const watch = root.system.inspect((inspected) => {
    if (inspected.type !== '@xstate.snapshot') return;
    const { id } = inspected.actorRef as AnyActorRef;
    const value = isWanted(id) ? placeOf(inspected.snapshot) : null;
    if (value !== null) onMove(id, { machine, event: inspected.event.type, value });
  });
  return () => watch.unsubscribe();
}

function placeOf(snapshot: unknown): StateValue | null {
  const { value } = snapshot as { readonly value?: StateValue };
  return value ?? null;
}
