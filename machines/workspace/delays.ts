import type { WorkspaceContext } from './context.ts';
import type { Work } from './trouble.ts';

/** How long the workspace machine waits, in milliseconds: rests when all is well, pauses after failures, deadlines. */
export const delays = {
  'poll rest': ({ context: { options, wakeUpsOpen, feedLags } }: Told) => {
    const { pollEveryMs, safetyPollEveryMs, lagPollEveryMs } = options;
    const openMs = feedLags ? Math.min(safetyPollEveryMs, lagPollEveryMs) : safetyPollEveryMs;
    return options.stretch('poll', wakeUpsOpen ? openMs : pollEveryMs);
  },
  /** 1–2 s: long enough for a transaction that began before the wake-up to commit (§13, race 3). */
  'brief rest': ({ context }: Told) => 1_000 + Math.round(1_000 * context.options.random()),
  'storage rest': ({ context }: Told) => Math.max(5_000, pauseOf(context, 'feed')),
  'heartbeat rest': ({ context: { options } }: Told) =>
    options.stretch('heartbeat', options.heartbeatEveryMs),
  'access check rest': ({ context }: Told) =>
    Math.max(context.options.accessCheckEveryMs, pauseOf(context, 'confirm')),
  'stream probe rest': ({ context }: Told) => context.options.streamProbeEveryMs,
  /** A stream that lived this long has not been cut for what it is. */
  'stream has proven itself': 30_000,

  'acquire pause': ({ context }: Told) => pauseOf(context, 'acquire'),
  'register pause': ({ context }: Told) => pauseOf(context, 'register'),
  'heartbeat pause': ({ context }: Told) => pauseOf(context, 'heartbeat'),
  'feed pause': ({ context }: Told) => pauseOf(context, 'feed'),
  'stream pause': ({ context }: Told) => pauseOf(context, 'wakeUps'),
  'confirm pause': ({ context }: Told) => pauseOf(context, 'confirm'),

  'register deadline': ({ context }: Told) => context.options.registerDeadlineMs,
  'heartbeat deadline': ({ context }: Told) => context.options.heartbeatDeadlineMs,
  'access deadline': ({ context }: Told) => context.options.accessDeadlineMs,
  'poll deadline': ({ context }: Told) => context.options.pollDeadlineMs,
  'recover deadline': ({ context }: Told) => context.options.recoverDeadlineMs,
};

interface Told {
  readonly context: WorkspaceContext;
}

function pauseOf({ troubles }: WorkspaceContext, work: Work): number {
  return troubles[work]?.retryInMs ?? 0;
}
