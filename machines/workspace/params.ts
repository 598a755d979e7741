import { timedOut } from '../failure.ts';
import type { WorkspaceCall } from './actors.ts';
import type { WorkspaceContext, WorkspaceOptions } from './context.ts';
import type { Work } from './trouble.ts';

/** What an actor is told. */
export function callOf({ context }: { context: WorkspaceContext }): WorkspaceCall {
  return { workspaceId: context.workspaceId };
}

/** The error that an actor rejected with, for a guard. */
export function errorOf({ event }: { event: Rejected }): { error: unknown } {
  return { error: event.error };
}

/** The failure of a work whose actor rejected, for a guard or an action. */
export function failureOf(work: Work): (args: { event: Rejected }) => { work: Work; error: unknown } {
  return ({ event }) => ({ work, error: event.error });
}

/** The failure of a work whose actor kept neither its deadline nor its word, for an action. */
export function overdue(
  work: Work,
  deadline: Deadline,
): (args: { context: WorkspaceContext }) => { work: Work; error: unknown } {
  return ({ context }) => ({ work, error: timedOut(context.options[deadline]) });
}

/** What an actor that failed leaves behind. */
export interface Rejected {
  readonly error: unknown;
}

type Deadline = Extract<keyof WorkspaceOptions, `${string}DeadlineMs`>;
