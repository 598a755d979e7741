import type { WorkspacePlatform } from '../../domain/ports/platform.ts';
import { type Attempt, attempt } from '../attempt.ts';

/** Asks `GET /health` (§10.5), which no credential guards; resolves with how long the answer took, milliseconds. */
export function askHealth(platform: WorkspacePlatform, signal: AbortSignal): Promise<Attempt<number>> {
  const startedMs = performance.now();
  const asked = platform.call({ method: 'GET', path: '/health' }, signal);
  return attempt(asked.then(() => performance.now() - startedMs));
}
