import { PlatformError } from '../../src/domain/wire/platform-error.ts';
import { callOf, errorOf, failureOf } from './params.ts';
import { workspaceSetup } from './setup.ts';
import type { Work } from './trouble.ts';

/**
 * Follows the wake-up stream (protocol.md §12.1), only ever a hint to poll: nothing is lost without it. It is opened
 * again with growing, jittered pauses; a server that has no such route is asked again now and then.
 */
export const wakeUps = workspaceSetup.createStateConfig({
  initial: 'deciding',
  states: {
    deciding: { always: [{ guard: 'feed is enabled', target: 'following' }, { target: 'off' }] },
    off: {},
    following: {
      initial: 'opening',
      invoke: {
        id: 'followWakeUps',
        src: 'followWakeUps',
        input: callOf,
        onDone: { target: 'backingOff', actions: { type: 'note failure', params: streamEnded } },
        onError: [
          {
            guard: { type: 'there is no such stream', params: errorOf },
            target: 'unavailable',
            actions: { type: 'note failure', params: failureOf('wakeUps') },
          },
          { target: 'backingOff', actions: { type: 'note failure', params: failureOf('wakeUps') } },
        ],
      },
      on: { 'clock.jumped': { target: 'following', reenter: true } },
      states: {
        opening: { on: { 'wakeUps.opened': { target: 'open' } } },
        open: {
          entry: 'stream is open',
          exit: ['stream is closed', 'say that the stream closed'],
          after: {
            'stream has proven itself': { actions: { type: 'note success', params: { work: 'wakeUps' } } },
          },
        },
      },
    },
    backingOff: {
      after: { 'stream pause': { target: 'following' } },
      on: {
        'clock.jumped': {
          guard: { type: 'work may be tried', params: { work: 'wakeUps' } },
          target: 'following',
        },
      },
    },
    unavailable: { after: { 'stream probe rest': { target: 'following' } } },
  },
});

function streamEnded(): { work: Work; error: unknown } {
  return { work: 'wakeUps', error: new PlatformError('unavailable', 'the platform ended it') };
}
