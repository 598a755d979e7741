import { trimWhiteSpace } from '../white-space.ts';

/**
 * The seconds of `MOLECULE_MCP_POLL_TIMEOUT_SECS`, which the instructions tell the agent to wait at the start of a turn:
 * a whole number, at most 60; 0 means that polling is off. Blank, negative or no number: the default of 2.
 */
export function pollTimeoutSecs(setting: string | undefined): number {
  const digits = WHOLE_NUMBER.exec(trimWhiteSpace(setting ?? ''));
  if (!digits) return DEFAULT_SECS;
  const secs = Number(digits[0].replaceAll('_', ''));
  return secs < 0 ? DEFAULT_SECS : Math.min(Math.abs(secs), MAX_SECS);
}

const DEFAULT_SECS = 2;
const MAX_SECS = 60;
const WHOLE_NUMBER = /^[+-]?\d+(?:_\d+)*$/;
