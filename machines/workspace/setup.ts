import { assign, emit, enqueueActions, raise, setup } from 'xstate';
import { judgeAttempt } from '../../src/domain/auth-escalation.ts';
import { putsAccessInDoubt, readFailure } from '../failure.ts';
import type { NoticeLevel } from '../notice.ts';
import { type AccessVerdict, workspaceActors } from './actors.ts';
import type { WorkspaceContext, WorkspaceInput } from './context.ts';
import type { WorkspaceEmitted, WorkspaceEvent, WorkspaceFact } from './events.ts';
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
      enqueue.assign({
        troubles: without(troubles, work),
        contradicted: without(contradicted, work),
        refusals: refusals.of === work ? { ...refusals, count: 0 } : refusals,
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
    'remember the poll': assign({ lastPollAtMs: ({ context }) => context.options.now() }),
    'remember the heartbeat': assign({ lastHeartbeatAtMs: ({ context }) => context.options.now() }),

    'stream is open': assign({ wakeUpsOpen: true }),
    'stream is closed': assign({ wakeUpsOpen: false }),
    'say that the stream closed': raise({ type: 'wakeUps.closed' }),
  },
  guards: {
    'heartbeat is enabled': ({ context }) => context.options.heartbeatEnabled,
    'feed is enabled': ({ context }) => context.options.feedEnabled,
    'feed must pause': ({ context }) => context.inboxFull || context.storageFailed,
    'feed may go on': ({ context }) => !context.inboxFull && !context.storageFailed,
    'storage is failing': ({ context }) => context.storageFailed,
    'storage is working': ({ context }) => !context.storageFailed,
    'recovery is due': ({ context }) => context.recoveryDue,
    'woken meanwhile': ({ context }) => context.wokenMeanwhile,
    'late commits are due': ({ context }) => context.lateCommitsDue,
    'token is refused': (_, { verdict }: { verdict: AccessVerdict }) => verdict.verdict === 'refused',
    'workspace is removed': (_, { verdict }: { verdict: AccessVerdict }) => verdict.verdict === 'removed',

    'access is in doubt': ({ context }, { work, error }: { work: Work; error: unknown }) =>
      putsAccessInDoubt(readFailure(error)) && !isContradicted(context, work),
    'cursor is gone': (_, { error }: { error: unknown }) => readFailure(error).kind === 'cursor-gone',
    'storage failed': (_, { error }: { error: unknown }) => readFailure(error).kind === 'storage',
    'there is no such stream': (_, { error }: { error: unknown }) =>
      readFailure(error).kind === 'no-such-route' || readFailure(error).kind === 'not-found',
    'work may be tried': ({ context }, { work }: { work: Work }) =>
      (context.troubles[work]?.notBeforeMs ?? 0) <= context.options.now(),
  },
  delays: {
    'poll rest': ({ context: { options, wakeUpsOpen } }) =>
      wakeUpsOpen ? options.safetyPollEveryMs : options.pollEveryMs,
    /** 1–2 s: long enough for a transaction that began before the wake-up to commit (§13, race 3). */
    'brief rest': ({ context }) => 1_000 + Math.round(1_000 * context.options.random()),
    'storage rest': ({ context }) => Math.max(5_000, pauseOf(context, 'feed')),
    'heartbeat rest': ({ context }) => context.options.heartbeatEveryMs,
    'access check rest': ({ context }) =>
      Math.max(context.options.accessCheckEveryMs, pauseOf(context, 'confirm')),
    'stream probe rest': ({ context }) => context.options.streamProbeEveryMs,
    /** A stream that lived this long has not been cut for what it is. */
    'stream has proven itself': 30_000,

    'acquire pause': ({ context }) => pauseOf(context, 'acquire'),
    'register pause': ({ context }) => pauseOf(context, 'register'),
    'heartbeat pause': ({ context }) => pauseOf(context, 'heartbeat'),
    'feed pause': ({ context }) => pauseOf(context, 'feed'),
    'stream pause': ({ context }) => pauseOf(context, 'wakeUps'),
    'confirm pause': ({ context }) => pauseOf(context, 'confirm'),

    'register deadline': ({ context }) => context.options.registerDeadlineMs,
    'heartbeat deadline': ({ context }) => context.options.heartbeatDeadlineMs,
    'access deadline': ({ context }) => context.options.accessDeadlineMs,
    'poll deadline': ({ context }) => context.options.pollDeadlineMs,
    'recover deadline': ({ context }) => context.options.recoverDeadlineMs,
  },
});

function pauseOf(context: WorkspaceContext, work: Work): number {
  return context.troubles[work]?.retryInMs ?? 0;
}

function isContradicted({ contradicted, options }: WorkspaceContext, work: Work): boolean {
  const atMs = contradicted[work];
  return atMs !== undefined && options.now() - atMs < 60_000;
}

/** Nothing is lost without a wake-up stream, and proxies cut streams for sport. */
function loudness(work: Work): NoticeLevel {
  return work === 'wakeUps' ? 'info' : 'warn';
}

const REVOKED =
  'the platform refuses the workspace’s token: take a new one from the canvas (Tokens) and put it in place; asking again until it works';
