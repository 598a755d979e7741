import type { WorkspacePlatform } from '../../domain/ports/platform.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import { MAY_LIMITS, readUploadLimits } from '../../outbox/upload-limits.ts';

/** The largest file that is fetched, with one in view that has so many bytes. Never rejects. */
export type UploadLimit = (announcedBytes: number) => Promise<LargestFile>;

/** The largest file that is fetched. */
export interface LargestFile {
  readonly bytes: number;
  /** Whether it is known to be the limit; else it is what was last known or guessed, and a larger file may still come. */
  readonly isKnown: boolean;
}

/** What decides the limit. */
export interface UploadLimitParts {
  readonly platform: Pick<WorkspacePlatform, 'call'>;
  /** `MOLECULE_UPLOAD_MAX_BYTES`; 0 for the platform's own limit. */
  readonly configuredBytes: number;
  readonly clock: Clock;
}

/**
 * What is configured, else what `/uploads/limits` says (§15.1), asked for anew every hour and for a file above it, since a
 * server that was upgraded takes more; else a May server's cap (§7.1).
 * A server that fails, does not answer in time or says nothing to the point keeps what it said before, which is then no
 * longer known to be right, and is asked again a minute later.
 */
export function createUploadLimit({ platform, configuredBytes, clock }: UploadLimitParts): UploadLimit {
  let bytes = configuredBytes || MAY_LIMITS.perFileBytes;
  let isKnown = configuredBytes > 0;
  let knownUntilMs = configuredBytes > 0 ? Number.POSITIVE_INFINITY : 0;
  let asking: Promise<void> | null = null;

  async function ask(): Promise<void> {
    try {
      const limits = await readUploadLimits(platform, AbortSignal.timeout(ANSWER_WITHIN_MS));
      isKnown = limits.areTold;
      if (isKnown) bytes = limits.perFileBytes;
    } catch {
      isKnown = false;
    }
    knownUntilMs = clock() + (isKnown ? ASK_EVERY_MS : ASK_AGAIN_MS);
    asking = null;
  }

  return async (announcedBytes) => {
    const isAbove = configuredBytes === 0 && announcedBytes > bytes;
    if (isAbove || clock() >= knownUntilMs) {
      asking ??= ask();
      await asking;
    }
    return { bytes, isKnown };
  };
}

const ANSWER_WITHIN_MS = 5_000;
const ASK_EVERY_MS = 3600_000;
const ASK_AGAIN_MS = 60_000;
