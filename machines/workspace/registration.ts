import { callOf, failureOf, overdue } from './params.ts';
import { workspaceSetup } from './setup.ts';

/** Says on the platform that the agent is here (protocol.md §3.1). */
export const registering = workspaceSetup.createStateConfig({
  invoke: {
    id: 'register',
    src: 'register',
    input: callOf,
    onDone: {
      target: 'online',
      actions: [
        { type: 'note success', params: { work: 'register' } },
        {
          type: 'record',
          params: ({ event }) => ({
            fact: { type: 'workspace.registered', data: { deliveryMode: event.output.deliveryMode } },
          }),
        },
      ],
    },
    onError: [
      {
        guard: { type: 'access is in doubt', params: failureOf('register') },
        target: 'checkingAccess',
        actions: { type: 'note refusal', params: failureOf('register') },
      },
      { target: 'registrationBackingOff', actions: { type: 'note failure', params: failureOf('register') } },
    ],
  },
  after: {
    'register deadline': {
      target: 'registrationBackingOff',
      actions: { type: 'note failure', params: overdue('register', 'registerDeadlineMs') },
    },
  },
});

/** The pause after a registration that failed, or after a refusal that nobody confirms. */
export const registrationBackingOff = workspaceSetup.createStateConfig({
  after: { 'register pause': { target: 'connecting' } },
  on: {
    'clock.jumped': {
      guard: { type: 'work may be tried', params: { work: 'register' } },
      target: 'connecting',
    },
  },
});
