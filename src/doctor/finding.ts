/** What one check has found. */
export interface Finding {
  /** What was looked at: `configuration`, `token`, `wake-up stream` … */
  readonly check: string;
  readonly status: FindingStatus;
  /** Whose trouble a failure is; decides the exit code. Only with `failed`. */
  readonly cause?: Cause;
  /** One line for a person; nothing in it was written by a stranger but the platform's own words. */
  readonly says: string;
  /** Names that strangers gave, of files, one line each. Left out of what is handed on. */
  readonly named?: readonly string[];
  /** What to do about it, one line. */
  readonly advice?: string;
  /** The platform's URL or the workspace's id that it is about; absent for this machine. */
  readonly about?: string;
}

/** `skipped`: something before it failed, or there is nothing to look at. */
export type FindingStatus = 'ok' | 'warning' | 'failed' | 'skipped';

/** In the order in which they are to be mended. */
export type Cause = 'configuration' | 'auth' | 'unreachable';

/** All is well. */
export function ok(check: string, says: string): Finding {
  return { check, status: 'ok', says };
}

/** It works, or may work, and should be looked at. */
export function warning(check: string, says: string, advice: string): Finding {
  return { check, status: 'warning', says, advice };
}

/** Nothing can arrive like this. */
export function failed(check: string, cause: Cause, says: string, advice: string): Finding {
  return { check, status: 'failed', cause, says, advice };
}

/** Not looked at, and why. */
export function skipped(check: string, says: string): Finding {
  return { check, status: 'skipped', says };
}
