import type { AnyActorRef } from 'xstate';

/**
 * Lets a system of actors find the timers of an actor that ends by the actor. XState looks through those of the whole
 * system instead, each time a heartbeat or a poll is over: with a thousand workspaces that is thousands of timers for each
 * request, in a list that is made anew each time. Call it once, before the system starts.
 */
export function indexTimers({ scheduler }: AnyActorRef['system']): void {
  const idsOf = new WeakMap<AnyActorRef, Set<string>>();
  const { schedule, cancel } = scheduler;

  // Without an id none could cancel it but the end of its actor, which goes by ids here.
  let unnamed = 0;
  scheduler.schedule = (source, target, event, delay, id = `unnamed ${unnamed++}`) => {
    const ids = idsOf.get(source) ?? new Set();
    idsOf.set(source, ids.add(id));
    schedule(source, target, event, delay, id);
  };
  scheduler.cancel = (source, id) => {
    idsOf.get(source)?.delete(id);
    cancel(source, id);
  };
  // One that has fired is still listed until its id is used again; to cancel it does nothing.
  scheduler.cancelAll = (source) => {
    for (const id of idsOf.get(source) ?? []) cancel(source, id);
    idsOf.delete(source);
  };
}
