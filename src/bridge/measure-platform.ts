import {
  COUNTED_MS,
  type ErrorRate,
  errorRateOf,
  type Outcome,
  troubleOf,
} from '../domain/network/error-rate.ts';
import type { WorkspacePlatform } from '../domain/ports/platform.ts';
import type { Clock } from '../domain/ports/runtime.ts';
import { PlatformError } from '../domain/wire/platform-error.ts';

/** A platform whose requests are counted. */
export interface MeasuredPlatform {
  readonly platform: WorkspacePlatform;
  /** How the requests of the last minute went, for heartbeats that tell the truth. */
  readonly errorRate: () => ErrorRate;
}

/**
 * The same platform, counting how its requests end; what its callers see does not change. Only what brings messages or
 * answers the user counts: heartbeats speak for themselves, and a peer that does not answer is no trouble of ours.
 */
export function measurePlatform(platform: WorkspacePlatform, clock: Clock): MeasuredPlatform {
  const outcomes: Outcome[] = [];

  function note(error: string | null): void {
    const nowMs = clock();
    outcomes.push({ atMs: nowMs, error });
    while (outcomes.length > MOST || nowMs - (outcomes[0]?.atMs ?? nowMs) > COUNTED_MS) outcomes.shift();
  }

  function measured<Args extends readonly unknown[], Reply>(
    method: (...args: Args) => Promise<Reply>,
  ): (...args: Args) => Promise<Reply> {
    return async (...args) => {
      try {
        const reply = await method(...args);
        note(null);
        return reply;
      } catch (error) {
        if (error instanceof PlatformError && error.kind !== 'aborted') note(troubleOf(error));
        throw error;
      }
    };
  }

  return {
    errorRate: () => errorRateOf(outcomes, clock()),
    platform: {
      ...platform,
      readActivity: measured(platform.readActivity),
      openUpload: measured(platform.openUpload),
      acknowledgeUpload: measured(platform.acknowledgeUpload),
      notifyUser: measured(platform.notifyUser),
      uploadFiles: measured(platform.uploadFiles),
    },
  };
}

const MOST = 200;
