import type { WorkspacePlatform } from '../../domain/ports/platform.ts';
import { type Attempt, attempt } from '../attempt.ts';

/** Opens the wake-up stream (§12.1) and hangs up as soon as the platform has answered. */
export async function openWakeUps(
  platform: WorkspacePlatform,
  signal: AbortSignal,
): Promise<Attempt<'opened'>> {
  const hangUp = new AbortController();
  const either = AbortSignal.any([signal, hangUp.signal]);
  const opened = new Promise<'opened'>((resolve, reject) => {
    platform.wakeUps(() => resolve('opened'), either).then(() => resolve('opened'), reject);
  });
  try {
    return await attempt(opened);
  } finally {
    hangUp.abort();
  }
}
