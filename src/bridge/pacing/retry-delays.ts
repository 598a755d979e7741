import { type BackoffPolicy, backoffMs } from '../../domain/network/backoff.ts';
import type { Pace } from './pace.ts';

/** The pause after the `failures`th failure in a row (1, 2, 3 …) by a policy, milliseconds. */
export function retryDelays(pace: Pick<Pace, 'random'>, policy: BackoffPolicy): (failures: number) => number {
  return (failures) => backoffMs({ policy, failures, random: pace.random() });
}

/** While the disk refuses. */
export const STORAGE_RETRIES: BackoffPolicy = { firstMs: 500, maxMs: 10_000, jitter: 'equal' };
/** While a file's bytes or its acknowledgement do not go through. */
export const TRANSFER_RETRIES: BackoffPolicy = { firstMs: 500, maxMs: 300_000, jitter: 'equal' };
