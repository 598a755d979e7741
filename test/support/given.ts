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

/** Folds plain events with sequence numbers and a fixed time. */
export function apply(state: InboxState, events: readonly DomainEvent[]): InboxState {
  return events.reduce<InboxState>((now, event) => evolve(now, stored(event, now.seq + 1)), state);
}

/** An event as the log would hold it. */
export function stored(event: DomainEvent, seq: number): StoredEvent {
  return { v: 1, seq, at: '2026-05-05T00:00:00.000Z', ...event };
}
