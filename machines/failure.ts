import { StorageError } from '../src/domain/ports/storage.ts';
import { PlatformError, type PlatformErrorKind } from '../src/domain/wire/platform-error.ts';

/** What the machine keeps of an error: no bodies, no stack. */
export interface Failure {
  readonly kind: FailureKind;
  /** One line for a person. */
  readonly text: string;
  /** The HTTP status, 0 without one. */
  readonly status: number;
  readonly retryAfterMs: number | null;
}

/** What went wrong: the platform's kinds, `storage`, or anything else. */
export type FailureKind = PlatformErrorKind | 'storage' | 'unexpected';

/** Reads whatever an actor rejected with. Never throws: a failing action would end the whole machine. */
export function readFailure(error: unknown): Failure {
  if (error instanceof PlatformError) {
    return {
      kind: error.kind,
      text: oneLine(error.message),
      status: error.status,
      retryAfterMs: error.retryAfterMs,
    };
  }
  const text = oneLine(error instanceof Error ? error.message : String(error));
  return {
    kind: error instanceof StorageError ? 'storage' : 'unexpected',
    text,
    status: 0,
    retryAfterMs: null,
  };
}

/** The failure of a deadline of the machine's own: the last resort, when an actor keeps neither its deadline nor its word. */
export function timedOut(afterMs: number): PlatformError {
  return new PlatformError('timed-out', `it took longer than ${Math.round(afterMs / 1000)} s`);
}

/** Whether the failure puts in doubt that the token works or that the workspace exists; only `confirmAccess` can tell. */
export function putsAccessInDoubt(failure: Failure): boolean {
  return failure.kind === 'unauthorised' || failure.kind === 'removed' || failure.kind === 'not-found';
}

function oneLine(text: string): string {
  const line = text.replace(/\p{C}+/gu, ' ').trim();
  return line.length > MAX_CHARS ? `${line.slice(0, MAX_CHARS - 1)}…` : line || 'no reason given';
}

const MAX_CHARS = 300;
