import type { WorkspacePlatform } from '../../domain/ports/platform.ts';
import { type Attempt, attempt } from '../attempt.ts';

/** Opens the wake-up stream (§12.1) and hangs up as soon as the platform has answered. */
export async function openWakeUps(
  platform: WorkspacePlatform,
  signal: AbortSignal,
): Promise<Attempt<'opened'>> {
  const hangUp = new AbortController();
  const either = AbortSignal.any([signal, hangUp.signal]);
  async function open(): Promise<'opened'> {
    for await (const _ of platform.wakeUps(either)) break;
    return 'opened';
  }
  try {
    return await attempt(open());
  } finally {
    hangUp.abort();
  }
}
