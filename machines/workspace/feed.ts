import type { FeedReading } from './actors.ts';
import { errorOf, failureOf, overdue } from './params.ts';
import { workspaceSetup } from './setup.ts';

/** What every failing read leads to, whichever way it read. */
const whenReadFails = [
  {
    guard: { type: 'access is in doubt', params: failureOf('feed') },
    target: '#workspace.checkingAccess',
    actions: { type: 'note refusal', params: failureOf('feed') },
  },
  {
    guard: { type: 'storage failed', params: errorOf },
    target: '#workspace.online.feed.paused',
    actions: ['storage fails', { type: 'note failure', params: failureOf('feed') }],
  },
  { target: 'backingOff', actions: { type: 'note failure', params: failureOf('feed') } },
] as const;

/** A read that runs has asked before the wake-up came: one more follows it, and one for late commits. */
const whileReading = {
  'feed.wake': { actions: ['expect another read', 'expect late commits'] },
  'wakeUps.opened': { actions: 'expect another read' },
} as const;

const whileResting = {
  'feed.wake': { target: 'due', actions: 'expect late commits' },
  'wakeUps.opened': { target: 'due' },
  'clock.jumped': { target: 'due' },
} as const;

/**
 * Reads the feed: one read at a time, the next 5 s after the last has ended, or 30 s while a wake-up stream is open, or
 * at once when something was written.
 */
const reading = workspaceSetup.createStateConfig({
  initial: 'due',
  always: { guard: 'feed must pause', target: 'paused' },
  states: {
    due: {
      always: [
        { guard: 'feed must pause', target: '#workspace.online.feed.paused' },
        { guard: 'recovery is due', target: 'recovering' },
        { target: 'polling' },
      ],
    },
    polling: {
      entry: 'begin to read',
      invoke: {
        id: 'poll',
        src: 'readFeed',
        input: ({ context }) => ({ workspaceId: context.workspaceId, mode: 'poll' }),
        onDone: {
          target: 'settled',
          actions: [
            { type: 'remember the poll', params: lagsOf },
            { type: 'note success', params: { work: 'feed' } },
          ],
        },
        onError: [
          {
            guard: { type: 'cursor is gone', params: errorOf },
            target: 'recovering',
            actions: [
              'expect recovery',
              { type: 'record', params: { fact: { type: 'feed.cursorExpired', data: {} } } },
            ],
          },
          ...whenReadFails,
        ],
      },
      after: {
        'poll deadline': {
          target: 'backingOff',
          actions: { type: 'note failure', params: overdue('feed', 'pollDeadlineMs') },
        },
      },
      on: { ...whileReading, 'clock.jumped': { target: 'polling', reenter: true } },
    },
    /** Walks back to the floor after a 410 (§13, rule 4), until that has succeeded once. */
    recovering: {
      entry: 'begin to read',
      invoke: {
        id: 'recovery',
        src: 'readFeed',
        input: ({ context }) => ({ workspaceId: context.workspaceId, mode: 'recover' }),
        onDone: {
          target: 'settled',
          actions: [
            'recovery is done',
            { type: 'remember the poll', params: lagsOf },
            { type: 'note success', params: { work: 'feed' } },
            {
              type: 'record',
              params: ({ event }) => ({ fact: { type: 'feed.recovered', data: recoveredBy(event.output) } }),
            },
          ],
        },
        onError: whenReadFails,
      },
      after: {
        'recover deadline': {
          target: 'backingOff',
          actions: { type: 'note failure', params: overdue('feed', 'recoverDeadlineMs') },
        },
      },
      on: { ...whileReading, 'clock.jumped': { target: 'recovering', reenter: true } },
    },
    settled: {
      always: [
        { guard: 'woken meanwhile', target: 'due' },
        { guard: 'late commits are due', target: 'restingBriefly', actions: 'late commits were awaited' },
        { target: 'resting' },
      ],
    },
    resting: {
      after: { 'poll rest': { target: 'due' } },
      // What was written while the stream died is due soon; jitter keeps a crowd apart that was cut at once.
      on: { ...whileResting, 'wakeUps.closed': { target: 'restingBriefly' } },
    },
    restingBriefly: {
      after: { 'brief rest': { target: 'due' } },
      on: whileResting,
    },
    backingOff: {
      after: { 'feed pause': { target: 'due' } },
      on: {
        'clock.jumped': { guard: { type: 'work may be tried', params: { work: 'feed' } }, target: 'due' },
      },
    },
  },
});

/** The feed of a workspace that is online. It stands still while nothing can be stored: the platform keeps the rows. */
export const feed = workspaceSetup.createStateConfig({
  initial: 'deciding',
  states: {
    deciding: { always: [{ guard: 'feed is enabled', target: 'reading' }, { target: 'off' }] },
    off: {},
    reading,
    paused: {
      initial: 'whileFull',
      always: { guard: 'feed may go on', target: 'reading' },
      states: {
        whileFull: { always: { guard: 'storage is failing', target: 'whileFailing' } },
        whileFailing: {
          always: { guard: 'storage is working', target: 'whileFull' },
          // Nobody else writes meanwhile: the next read is the test whether the disk works again.
          after: { 'storage rest': { actions: 'storage may work' } },
        },
      },
    },
  },
});

function lagsOf({ event }: { event: { output: FeedReading } }): { lags: boolean } {
  return { lags: event.output.lags === true };
}

function recoveredBy({ sinceMicros, rows }: FeedReading): FeedReading {
  return { sinceMicros, rows };
}
