import { setTimeout as pause } from 'node:timers/promises';

/**
 * Resolves with the first truthy value that `look` gives, looking again after a few milliseconds, then more seldom: looking
 * costs the process that is looked at. Rejects with what was waited for when it does not come within `withinMs` (20 s: a
 * machine may be busy).
 */
export async function until<Value>(
  look: () => Value | Promise<Value>,
  what: string,
  withinMs = 20_000,
): Promise<NonNullable<Value>> {
  const giveUpAt = performance.now() + withinMs;
  let lookAgainMs = FIRST_LOOK_MS;
  while (performance.now() < giveUpAt) {
    const value = await look();
    if (value) return value as NonNullable<Value>;
    await pause(lookAgainMs);
    lookAgainMs = Math.min(1.5 * lookAgainMs, LOOK_EVERY_MS);
  }
  throw new Error(`waited ${withinMs} ms in vain: ${what}`);
}

const FIRST_LOOK_MS = 4;
const LOOK_EVERY_MS = 50;
