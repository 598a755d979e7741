import type { WorkspacePlatform } from '../domain/ports/platform.ts';
import type { Clock } from '../domain/ports/runtime.ts';
import { MAY_LIMITS, readUploadLimits } from '../outbox/upload-limits.ts';

/** The largest file that is fetched, bytes. Never rejects. */
export type UploadLimit = (signal: AbortSignal) => Promise<number>;

/** What decides the limit. */
export interface UploadLimitParts {
  readonly platform: Pick<WorkspacePlatform, 'call'>;
  /** `MOLECULE_UPLOAD_MAX_BYTES`; 0 for the platform's own limit. */
  readonly configuredBytes: number;
  readonly clock: Clock;
}

/**
 * What is configured, else what `/uploads/limits` says (§15.1), asked for anew every hour, else a May server's cap (§7.1).
 * A server that does not answer in time counts as one of May, for this time only.
 */
export function createUploadLimit({ platform, configuredBytes, clock }: UploadLimitParts): UploadLimit {
  let known: { readonly bytes: number; readonly untilMs: number } | null = null;
  return async (signal) => {
    if (configuredBytes > 0) return configuredBytes;
    if (known && clock() < known.untilMs) return known.bytes;
    try {
      const inTime = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
      const { perFileBytes } = await readUploadLimits(platform, inTime);
      known = { bytes: perFileBytes, untilMs: clock() + ASK_EVERY_MS };
      return perFileBytes;
    } catch {
      return known?.bytes ?? MAY_LIMITS.perFileBytes;
    }
  };
}

const ANSWER_WITHIN_MS = 5_000;
const ASK_EVERY_MS = 3600_000;
