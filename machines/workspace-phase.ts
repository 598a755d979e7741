import type { SnapshotFrom } from 'xstate';
import { latestTrouble } from './workspace/trouble.ts';
import type { workspaceMachine } from './workspace.ts';

/** A workspace's machine, told in words: the part of `WorkspaceStatus` that it knows. */
export interface WorkspacePhase {
  /** `standing by`, `registering`, `online`, `online, feed backing off`, `revoked` … */
  readonly phase: string;
  readonly delivery: 'delivering' | 'standby';
  /** Registered, and heartbeats arrive as far as is known. */
  readonly online: boolean;
  /** RFC 3339, null before the first. */
  readonly lastPollAt: string | null;
  readonly lastHeartbeatAt: string | null;
  /** What fails at present, the latest of it; null when all is well. */
  readonly lastError: string | null;
}

/** Tells a snapshot of the workspace machine in words. */
export function readPhase(snapshot: SnapshotFrom<typeof workspaceMachine>): WorkspacePhase {
  const { troubles, lastPollAtMs, lastHeartbeatAtMs } = snapshot.context;
  return {
    phase: phaseOf(snapshot),
    delivery: snapshot.matches('standingBy') || snapshot.matches('stopped') ? 'standby' : 'delivering',
    online: snapshot.matches('online') && !snapshot.matches({ online: { presence: 'backingOff' } }),
    lastPollAt: asTime(lastPollAtMs),
    lastHeartbeatAt: asTime(lastHeartbeatAtMs),
    lastError: latestTrouble(troubles)?.text ?? null,
  };
}

function phaseOf(snapshot: SnapshotFrom<typeof workspaceMachine>): string {
  if (snapshot.matches('online')) {
    const remarks = REMARKS.filter(([value]) => snapshot.matches({ online: value })).map(
      ([, words]) => words,
    );
    return ['online', ...remarks].join(', ');
  }
  return PHASES.find(([value]) => snapshot.matches(value))?.[1] ?? 'starting';
}

const PHASES = [
  ['standingBy', 'standing by'],
  ['connecting', 'registering'],
  ['registering', 'registering'],
  ['registrationBackingOff', 'registration backing off'],
  ['checkingAccess', 'checking access'],
  ['revoked', 'revoked'],
  ['removed', 'removed'],
  ['readmitted', 'registering'],
  ['stopped', 'stopped'],
] as const;

const REMARKS = [
  [{ presence: 'backingOff' }, 'heartbeat backing off'],
  [{ feed: { reading: 'recovering' } }, 'recovering the feed'],
  [{ feed: { reading: 'backingOff' } }, 'feed backing off'],
  [{ feed: { paused: 'whileFull' } }, 'paused: the inbox is full'],
  [{ feed: { paused: 'whileFailing' } }, 'paused: the log cannot be written'],
] as const;

function asTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
