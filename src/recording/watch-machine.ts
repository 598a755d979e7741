import type { AnyActorRef } from 'xstate';
import type { MachineMove } from '../domain/frame.ts';
import type { StateValue } from '../domain/state-value.ts';

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

function placeOf(snapshot: unknown): StateValue | null {
  const { value } = snapshot as { readonly value?: StateValue };
  return value ?? null;
}
