import { assign, emit, enqueueActions, raise, setup } from 'xstate';
import { judgeAttempt } from '../../src/domain/network/auth-escalation.ts';
import { readFailure } from '../failure.ts';
import type { NoticeLevel } from '../notice.ts';
import { type AccessVerdict, workspaceActors } from './actors.ts';
import type { WorkspaceContext, WorkspaceInput } from './context.ts';
import { delays } from './delays.ts';
import type { WorkspaceEmitted, WorkspaceEvent, WorkspaceFact } from './events.ts';
import { guards } from './guards.ts';
import { type Troubles, WORK_NAMES, type Work, without, worsen } from './trouble.ts';

/** The vocabulary of the workspace machine: its chunks, one file each, speak only these names. */
export const workspaceSetup = setup({
  types: {} as {
    context: WorkspaceContext;
    events: WorkspaceEvent;
    emitted: WorkspaceEmitted;
    input: WorkspaceInput;
  },
  actors: workspaceActors,
  actions: {
    /** A fact for the log. */
    record: emit((_, { fact }: { fact: WorkspaceFact }) => ({ type: 'fact' as const, event: fact })),
    /** A line for a person. */
    tell: emit((_, { level, text }: { level: NoticeLevel; text: string }) => ({
      type: 'notice' as const,
      level,
      text,
    })),

    /** Lengthens the work's pause, and says so when what fails has changed. */
    'note failure': enqueueActions(
      ({ context, enqueue }, { work, error }: { work: Work; error: unknown }) => {
        const failure = readFailure(error);
        const before = context.troubles[work];
        const trouble = worsen(before, work, failure, context.options.random(), context.options.now());
        enqueue.assign({ troubles: { ...context.troubles, [work]: trouble } });
        if (before?.kind === failure.kind) return;
        const text = `${WORK_NAMES[work]} fails: ${failure.text}; trying again with growing pauses`;
        enqueue.emit({ type: 'notice', level: loudness(work), text });
      },
    ),
    /** Forgets the work's trouble, and says so if there was one. */
    'note success': enqueueActions(({ context, enqueue }, { work }: { work: Work }) => {
      const { refusals, contradicted, troubles } = context;
      const isRefused = refusals.of === work && refusals.count > 0;
      if (!(work in troubles || work in contradicted || isRefused)) return;
      enqueue.assign({
        troubles: without(troubles, work),
        contradicted: without(contradicted, work),
        refusals: isRefused ? { ...refusals, count: 0 } : refusals,
      });
      const trouble = troubles[work];
      if (trouble === undefined) return;
      const tries = trouble.failures === 1 ? 'one failed try' : `${trouble.failures} failed tries`;
      enqueue.emit({
        type: 'notice',
        level: loudness(work),
        text: `${WORK_NAMES[work]} works again after ${tries}`,
      });
    }),
    /** Counts a refusal of the credential; how loudly it is told follows the rule that polls and heartbeats share. */
    'note refusal': enqueueActions(
      ({ context, enqueue }, { work, error }: { work: Work; error: unknown }) => {
        const failure = readFailure(error);
        const { refusals, level } = judgeAttempt(context.refusals.count, failure.status || 401);
        enqueue.assign({ refusals: { count: refusals, of: work, status: failure.status } });
        if (level === null) return;
        const text = `${WORK_NAMES[work]}: ${failure.text}; asking whether the workspace is still ours`;
        enqueue.emit({ type: 'notice', level: level === 'warning' ? 'warn' : 'error', text });
      },
    ),
    /** Counts a verdict of `refused`, by the same rule. */
    'note that the token stays refused': enqueueActions(
      ({ context, enqueue }, { verdict }: { verdict: AccessVerdict }) => {
        const status = verdict.verdict === 'refused' ? verdict.status : context.refusals.status;
        const { refusals, level } = judgeAttempt(context.refusals.count, status || 401);
        enqueue.assign({ refusals: { ...context.refusals, count: refusals, status } });
        if (level === null) return;
        enqueue.emit({ type: 'notice', level: level === 'warning' ? 'warn' : 'error', text: REVOKED });
      },
    ),
    'believe the platform': assign({
      contradicted: ({ context }) => ({
        ...context.contradicted,
        [context.refusals.of]: context.options.now(),
      }),
    }),
    'forget refusals': assign({ refusals: ({ context }) => ({ ...context.refusals, count: 0 }) }),
    /** Nothing of an earlier life of the connection weighs on the next. */
    'forget troubles': assign({ troubles: (): Troubles => ({}) }),

    'inbox is full': assign({ inboxFull: true }),
    'inbox has room': assign({ inboxFull: false }),
    'storage fails': assign({ storageFailed: true }),
    'storage may work': assign({ storageFailed: false }),

    'expect another read': assign({ wokenMeanwhile: true }),
    'expect late commits': assign({ lateCommitsDue: true }),
    'begin to read': assign({ wokenMeanwhile: false }),
    'late commits were awaited': assign({ lateCommitsDue: false }),
    'expect recovery': assign({ recoveryDue: true }),
    'recovery is done': assign({ recoveryDue: false }),
    'remember the poll': assign({
      lastPollAtMs: ({ context }) => context.options.now(),
      feedLags: (_, { lags }: { lags: boolean }) => lags,
    }),
    'remember the heartbeat': assign({ lastHeartbeatAtMs: ({ context }) => context.options.now() }),

    'stream is open': assign({ wakeUpsOpen: true }),
    'stream is closed': assign({ wakeUpsOpen: false }),
    'say that the stream closed': raise({ type: 'wakeUps.closed' }),
  },
  guards,
  delays,
});

/** Nothing is lost without a wake-up stream, and proxies cut streams for sport. */
function loudness(work: Work): NoticeLevel {
  return work === 'wakeUps' ? 'info' : 'warn';
}

const REVOKED =
  'the platform refuses the workspace’s token: take a new one from the canvas (Tokens) and put it in place; asking again until it works';
