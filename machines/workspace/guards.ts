import { putsAccessInDoubt, readFailure } from '../failure.ts';
import type { AccessVerdict } from './actors.ts';
import type { WorkspaceContext } from './context.ts';
import type { Work } from './trouble.ts';

/** What the workspace machine asks before it goes somewhere. */
export const guards = {
  'heartbeat is enabled': ({ context }: Told) => context.options.heartbeatEnabled,
  'feed is enabled': ({ context }: Told) => context.options.feedEnabled,
  'feed must pause': ({ context }: Told) => context.inboxFull || context.storageFailed,
  'feed may go on': ({ context }: Told) => !context.inboxFull && !context.storageFailed,
  'storage is failing': ({ context }: Told) => context.storageFailed,
  'storage is working': ({ context }: Told) => !context.storageFailed,
  'recovery is due': ({ context }: Told) => context.recoveryDue,
  'woken meanwhile': ({ context }: Told) => context.wokenMeanwhile,
  'late commits are due': ({ context }: Told) => context.lateCommitsDue,

  'token is refused': (_: Told, { verdict }: { verdict: AccessVerdict }) => verdict.verdict === 'refused',
  'workspace is removed': (_: Told, { verdict }: { verdict: AccessVerdict }) => verdict.verdict === 'removed',

  'access is in doubt': ({ context }: Told, { work, error }: { work: Work; error: unknown }) =>
    putsAccessInDoubt(readFailure(error)) && !isContradicted(context, work),
  'cursor is gone': (_: Told, { error }: { error: unknown }) => readFailure(error).kind === 'cursor-gone',
  'storage failed': (_: Told, { error }: { error: unknown }) => readFailure(error).kind === 'storage',
  'there is no such stream': (_: Told, { error }: { error: unknown }) =>
    ['no-such-route', 'not-found'].includes(readFailure(error).kind),

  /** A clock that jumped hurries everything but what the server asked to wait for. */
  'work may be tried': ({ context }: Told, { work }: { work: Work }) =>
    (context.troubles[work]?.notBeforeMs ?? 0) <= context.options.now(),
};

interface Told {
  readonly context: WorkspaceContext;
}

function isContradicted({ contradicted, options }: WorkspaceContext, work: Work): boolean {
  const atMs = contradicted[work];
  return atMs !== undefined && options.now() - atMs < 60_000;
}
