import { callOf, failureOf } from './params.ts';
import { workspaceSetup } from './setup.ts';

/** Waits until this process delivers the workspace; until then it neither registers, beats, polls nor writes. */
export const standingBy = workspaceSetup.createStateConfig({
  initial: 'acquiring',
  // Nothing is held that could be lost.
  on: { 'delivery.lost': {} },
  states: {
    acquiring: {
      invoke: {
        id: 'acquireDelivery',
        src: 'acquireDelivery',
        input: callOf,
        onDone: {
          target: '#workspace.connecting',
          actions: { type: 'note success', params: { work: 'acquire' } },
        },
        onError: {
          target: 'backingOff',
          actions: { type: 'note failure', params: failureOf('acquire') },
        },
      },
    },
    backingOff: {
      after: { 'acquire pause': { target: 'acquiring' } },
      on: { 'clock.jumped': { target: 'acquiring' } },
    },
  },
});
