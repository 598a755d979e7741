import { callOf, failureOf, overdue } from './params.ts';
import { workspaceSetup } from './setup.ts';

/**
 * Keeps the agent present (protocol.md §3.2): a beat at once, then one 20 s after the last has ended. A beat that fails
 * is tried again with growing pauses and never leaves `online`; only a refused credential does.
 */
export const presence = workspaceSetup.createStateConfig({
  initial: 'deciding',
  states: {
    deciding: { always: [{ guard: 'heartbeat is enabled', target: 'beating' }, { target: 'off' }] },
    off: {},
    beating: {
      invoke: {
        id: 'heartbeat',
        src: 'heartbeat',
        input: callOf,
        onDone: {
          target: 'resting',
          actions: ['remember the heartbeat', { type: 'note success', params: { work: 'heartbeat' } }],
        },
        onError: [
          {
            guard: { type: 'access is in doubt', params: failureOf('heartbeat') },
            target: '#workspace.checkingAccess',
            actions: { type: 'note refusal', params: failureOf('heartbeat') },
          },
          { target: 'backingOff', actions: { type: 'note failure', params: failureOf('heartbeat') } },
        ],
      },
      after: {
        'heartbeat deadline': {
          target: 'backingOff',
          actions: { type: 'note failure', params: overdue('heartbeat', 'heartbeatDeadlineMs') },
        },
      },
      on: { 'clock.jumped': { target: 'beating', reenter: true } },
    },
    resting: {
      after: { 'heartbeat rest': { target: 'beating' } },
      on: { 'clock.jumped': { target: 'beating' } },
    },
    backingOff: {
      after: { 'heartbeat pause': { target: 'beating' } },
      on: {
        'clock.jumped': {
          guard: { type: 'work may be tried', params: { work: 'heartbeat' } },
          target: 'beating',
        },
      },
    },
  },
});
