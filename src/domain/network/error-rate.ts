import type { PlatformError, PlatformErrorKind } from '../wire/platform-error.ts';

/** How one request ended: `error` is null when the platform answered as it should. */
export interface Outcome {
  readonly atMs: number;
  readonly error: string | null;
}

/** What a heartbeat says of the requests of the last minute (§3.2): the share that failed, and the latest reason. */
export interface ErrorRate {
  /** 0 to 1; from 0.5 on the platform shows the agent as degraded. */
  readonly errorRate: number;
  /** Empty without one. */
  readonly sampleError: string;
}

/** Judges the outcomes, oldest first, of which those that are older than a minute do not count. */
export function errorRateOf(outcomes: readonly Outcome[], nowMs: number): ErrorRate {
  const recent = outcomes.filter(({ atMs }) => nowMs - atMs < COUNTED_MS);
  const failures = recent.flatMap(({ error }) => (error === null ? [] : [error]));
  return {
    errorRate: recent.length === 0 ? 0 : failures.length / recent.length,
    sampleError: failures.at(-1) ?? '',
  };
}

/** Why a request failed, if that is trouble on the way; null for what the platform meant to say, a refusal for instance. */
export function troubleOf({ kind, message }: PlatformError): string | null {
  return TROUBLE.has(kind) ? message : null;
}

/** How long an outcome counts, milliseconds. */
export const COUNTED_MS = 60_000;
const TROUBLE: ReadonlySet<PlatformErrorKind> = new Set([
  'unavailable',
  'timed-out',
  'malformed',
  'redirected',
  'unauthorised',
]);
