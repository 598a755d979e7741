/** What tells whether a host shows what it is handed. */
export interface Hearing {
  /** When each of the messages that wait was first offered, milliseconds; without those of which that is not known. */
  readonly offeredAtMs: readonly number[];
  /** When a message was last popped or read by the agent, milliseconds; 0 for never, as far as is known. */
  readonly takenAtMs: number;
  readonly nowMs: number;
}

/**
 * Connected but deaf: "12 offered, none taken in 10 minutes", or null while all is well or it is too early to tell. A
 * push is never acknowledged, so this is the one sign of a host that drops what it is handed.
 */
export function describeDeafness({ offeredAtMs, takenAtMs, nowMs }: Hearing): string | null {
  const long = offeredAtMs.filter((atMs) => nowMs - atMs >= LONG_MS);
  if (long.length === 0 || nowMs - takenAtMs < LONG_MS) return null;
  return `${long.length} offered, none taken in ${inWords(nowMs - Math.max(takenAtMs, Math.min(...long)))}`;
}

/** What to do about it, one line for a person or an agent. */
export const HOW_TO_BE_HEARD =
  'The host probably does not show channels: tell the agent to call wait_for_message, or start Claude Code with --dangerously-load-development-channels (docs/troubleshooting.md).';

function inWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}

const LONG_MS = 600_000;
