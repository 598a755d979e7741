import type { DomainEvent, StoredEvent } from '../../src/domain/events.ts';
import { type Command, decide } from '../../src/domain/inbox/inbox-decide.ts';
import { evolve } from '../../src/domain/inbox/inbox-evolve.ts';
import { type InboxState, initialState } from '../../src/domain/inbox/inbox-state.ts';

/** `given(...past).when(command)`: what the inbox decides after what has happened. */
export function given(...past: readonly DomainEvent[]) {
  const state = apply(initialState(), past);
  return {
    state,
    /** The events that the command leads to. */
    when: (command: Command) => decide(command, state),
    /** The state after the command's events, too. */
    after: (...commands: readonly Command[]) =>
      commands.reduce((now, command) => apply(now, decide(command, now)), state),
  };
}

/** Folds plain events with sequence numbers and one time. */
export function apply(state: InboxState, events: readonly DomainEvent[], atMs = AT_MS): InboxState {
  return events.reduce<InboxState>((now, event) => evolve(now, stored(event, now.seq + 1, atMs)), state);
}

/** An event as the log would hold it. */
export function stored(event: DomainEvent, seq: number, atMs = AT_MS): StoredEvent {
  return { v: 1, seq, at: new Date(atMs).toISOString(), ...event };
}

const AT_MS = Date.UTC(2026, 4, 5);
