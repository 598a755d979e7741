import { checkingAccess, readmitted, removed, revoked } from './workspace/access.ts';
import { createContext } from './workspace/context.ts';
import { feed } from './workspace/feed.ts';
import { presence } from './workspace/presence.ts';
import { registering, registrationBackingOff } from './workspace/registration.ts';
import { workspaceSetup } from './workspace/setup.ts';
import { standingBy } from './workspace/standing-by.ts';
import { wakeUps } from './workspace/wake-ups.ts';

/**
 * The life of one workspace: who is in which phase, and what may come next. It stands by until this process delivers
 * the workspace, registers, and is then online: a heartbeat, the feed and the wake-up stream beside each other, none
 * waiting for another. Its work is done by named actors (`machine.provide`); facts and notices leave by `emit`.
 */
export const workspaceMachine = workspaceSetup.createMachine({
  id: 'workspace',
  // A function of the input: an inspector prints a static context in the machine's definition.
  context: ({ input }) => createContext(input),
  initial: 'standingBy',
  on: {
    stop: { target: '.stopped' },
    'delivery.lost': {
      target: '.standingBy',
      actions: {
        type: 'tell',
        params: { level: 'warn', text: 'another window delivers this workspace now' },
      },
    },
    'inbox.filled': { actions: 'inbox is full' },
    'inbox.drained': { actions: 'inbox has room' },
    'storage.failed': { actions: 'storage fails' },
    'storage.healed': { actions: 'storage may work' },
  },
  states: {
    standingBy,
    connecting: { always: [{ guard: 'heartbeat is enabled', target: 'registering' }, { target: 'online' }] },
    registering,
    registrationBackingOff,
    online: { type: 'parallel', states: { presence, feed, wakeUps } },
    checkingAccess,
    revoked,
    removed,
    readmitted,
    stopped: { type: 'final', entry: 'forget troubles' },
  },
  // A cycle of eventless transitions is a mistake to be seen, not a process that hangs.
  options: { maxIterations: 100 },
});
