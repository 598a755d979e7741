import { createHash } from 'node:crypto';
import { filter, type Subscription } from 'rxjs';
import { announceFiles } from '../../../streams/announce-files.ts';
import { isUnshown } from '../../domain/files/upload.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Pace } from '../pacing/pace.ts';
import { retryDelays, STORAGE_RETRIES } from '../pacing/retry-delays.ts';
import { uploadsOf } from './transfers.ts';

/** What speaking of files takes. */
export interface UploadNoticeParts {
  readonly ledger: Ledger;
  /** How long a file waits for a chat to follow it, milliseconds. */
  readonly lonelyAfterMs: number;
  readonly clock: Clock;
  readonly pace: Pace;
}

/** Messages about files that no message shows: one that no chat has followed, one that came after it was told as missing. */
export function startUploadNotices(parts: UploadNoticeParts): Subscription {
  const { ledger, lonelyAfterMs, clock, pace } = parts;
  const { scheduler } = pace;
  const retryDelayMs = retryDelays(pace, STORAGE_RETRIES);
  const running = announceFiles(uploadsOf(ledger, MAY_BE_UNSHOWN).pipe(filter(isUnshown)), {
    dueInMs: ({ announcedAtMs }) => announcedAtMs + lonelyAfterMs - clock(),
    announce: (fileId) => ledger.commit({ type: 'announceLonelyUpload', fileId }),
    retryDelayMs,
    scheduler,
  }).subscribe();

  const arrived$ = uploadsOf(ledger, MAY_HAVE_ARRIVED).pipe(
    filter(({ outcome, missedBy }) => outcome.status === 'staged' && missedBy !== null),
  );
  running.add(
    announceFiles(arrived$, {
      dueInMs: () => 0,
      announce: (fileId) => {
        const activityId = noticeId(fileId, ledger.state.uploads.get(fileId)?.missedBy ?? null);
        return ledger.commit({ type: 'announceArrival', fileId, activityId, atMs: clock() });
      },
      retryDelayMs,
      scheduler,
    }).subscribe(),
  );
  return running;
}

/** The same id for the same news, however often a crash makes us say it: in the form of a UUID, as every message's. */
function noticeId(fileId: string, missedBy: string | null): string {
  const hex = createHash('sha256').update(`${fileId} ${missedBy}`).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const MAY_BE_UNSHOWN = new Set(['upload.announced', 'upload.sent'] as const);
const MAY_HAVE_ARRIVED = new Set(['upload.staged'] as const);
