import type { AccessVerdict } from './actors.ts';
import type { WorkspaceContext } from './context.ts';
import type { WorkspaceFact } from './events.ts';
import { callOf, failureOf, overdue } from './params.ts';
import { workspaceSetup } from './setup.ts';

const whenRemoved = {
  guard: { type: 'workspace is removed', params: verdictOf },
  target: '#workspace.removed',
  actions: [
    { type: 'note success', params: { work: 'confirm' } },
    { type: 'record', params: removal },
    {
      type: 'tell',
      params: {
        level: 'error',
        text: 'the workspace was removed from the platform: nothing more will arrive, what waits stays readable; asking again now and then',
      },
    },
  ],
} as const;

const whenRefused = {
  guard: { type: 'token is refused', params: verdictOf },
  target: '#workspace.revoked',
  actions: [
    { type: 'note success', params: { work: 'confirm' } },
    { type: 'note that the token stays refused', params: verdictOf },
    { type: 'record', params: refusal },
  ],
} as const;

/**
 * Finds out what a refused credential means (protocol.md §2.2, §13 rule 5): a 401 alone says neither that the token is
 * revoked nor that the workspace is gone. Nothing else leaves until that is known.
 */
export const checkingAccess = workspaceSetup.createStateConfig({
  initial: 'asking',
  states: {
    asking: {
      invoke: {
        id: 'confirmAccess',
        src: 'confirmAccess',
        input: callOf,
        onDone: [
          whenRemoved,
          whenRefused,
          {
            target: '#workspace.connecting',
            actions: ['believe the platform', { type: 'note success', params: { work: 'confirm' } }],
          },
        ],
        onError: { target: 'undecided', actions: { type: 'note failure', params: failureOf('confirm') } },
      },
      after: {
        'access deadline': {
          target: 'undecided',
          actions: { type: 'note failure', params: overdue('confirm', 'accessDeadlineMs') },
        },
      },
    },
    /** Neither answer could be had. */
    undecided: {
      after: { 'confirm pause': { target: 'asking' } },
      on: { 'clock.jumped': { target: 'asking' } },
    },
  },
});

/** The workspace lives, the token does not: asked again until it is accepted; no register, heartbeat or poll until then. */
export const revoked = workspaceSetup.createStateConfig({
  initial: 'resting',
  states: {
    resting: {
      after: { 'access check rest': { target: 'asking' } },
      on: { 'clock.jumped': { target: 'asking' } },
    },
    asking: {
      invoke: {
        id: 'confirmAccess',
        src: 'confirmAccess',
        input: callOf,
        onDone: [
          whenRemoved,
          {
            guard: { type: 'token is refused', params: verdictOf },
            target: 'resting',
            actions: [
              { type: 'note success', params: { work: 'confirm' } },
              { type: 'note that the token stays refused', params: verdictOf },
            ],
          },
          { target: '#workspace.readmitted' },
        ],
        onError: { target: 'resting', actions: { type: 'note failure', params: failureOf('confirm') } },
      },
      after: {
        'access deadline': {
          target: 'resting',
          actions: { type: 'note failure', params: overdue('confirm', 'accessDeadlineMs') },
        },
      },
    },
  },
});

/**
 * The workspace is gone. Asked again all the same, since it may be made anew; never registered meanwhile: the server
 * would answer with a token that can never work (§3.1).
 */
export const removed = workspaceSetup.createStateConfig({
  initial: 'resting',
  states: {
    resting: {
      after: { 'access check rest': { target: 'asking' } },
      on: { 'clock.jumped': { target: 'asking' } },
    },
    asking: {
      invoke: {
        id: 'confirmAccess',
        src: 'confirmAccess',
        input: callOf,
        onDone: [
          {
            guard: { type: 'workspace is removed', params: verdictOf },
            target: 'resting',
            actions: { type: 'note success', params: { work: 'confirm' } },
          },
          whenRefused,
          { target: '#workspace.readmitted' },
        ],
        onError: { target: 'resting', actions: { type: 'note failure', params: failureOf('confirm') } },
      },
      after: {
        'access deadline': {
          target: 'resting',
          actions: { type: 'note failure', params: overdue('confirm', 'accessDeadlineMs') },
        },
      },
    },
  },
});

/** The token works again, or another one does. */
export const readmitted = workspaceSetup.createStateConfig({
  entry: [
    'forget refusals',
    { type: 'note success', params: { work: 'confirm' } },
    { type: 'record', params: { fact: { type: 'token.accepted', data: {} } } },
    { type: 'tell', params: { level: 'warn', text: 'the platform accepts the token again' } },
  ],
  always: { target: 'connecting' },
});

interface Answered {
  readonly event: { readonly output: AccessVerdict };
}

function verdictOf({ event }: Answered): { verdict: AccessVerdict } {
  return { verdict: event.output };
}

function removal({ event: { output } }: Answered): { fact: WorkspaceFact } {
  const removedAt = output.verdict === 'removed' ? output.removedAt : null;
  return { fact: { type: 'workspace.removed', data: { removedAt } } };
}

function refusal({ context, event: { output } }: Answered & { context: WorkspaceContext }): {
  fact: WorkspaceFact;
} {
  const status = output.verdict === 'refused' ? output.status : context.refusals.status;
  return { fact: { type: 'token.refused', data: { during: context.refusals.of, status } } };
}
