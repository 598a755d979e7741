import type { StoredEvent } from '../events.ts';
import type { StateJson } from './state-json.ts';
import type { StateValue } from './state-value.ts';

/**
 * One thing that was seen of a running bridge: what a recording holds a line of, a replay makes anew, and an inspector
 * shows. Never a token; whether message text is in it is for whoever passes it on to say (`createTextRemover`).
 */
export type Frame =
  /** A workspace's log was open: the state it began with. */
  | Seen<'ledger.opened', { readonly state: StateJson }>
  /** A row of the activity feed, as served. */
  | Seen<'row.served', { readonly row: unknown }>
  /** The platform answered, or did not: status 0. `call` names the method of the platform port. */
  | Seen<'reply.received', { readonly call: string; readonly status: number; readonly kind: string | null }>
  /** A domain event became durable. */
  | Seen<'event.appended', { readonly event: StoredEvent }>
  /** A machine took an event: where it is now. */
  | Seen<'machine.moved', MachineMove>
  /** The watcher was too slow: so many frames are missing here. */
  | Seen<'frames.dropped', { readonly count: number }>;

/** One step of a statechart: names only, nothing of its context. */
export interface MachineMove {
  readonly machine: string;
  readonly event: string;
  readonly value: StateValue;
}

interface Seen<Type extends string, Data> {
  readonly type: Type;
  /** When, RFC 3339 UTC, milliseconds. */
  readonly at: string;
  /** Whose it is; empty for the delivery machine and the supervisor, which serve all workspaces. */
  readonly workspaceId: string;
  readonly data: Data;
}
