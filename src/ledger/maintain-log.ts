import type { InboxState } from '../domain/inbox/inbox-state.ts';
import type { Clock, Logger } from '../domain/ports/runtime.ts';
import type { EventLog } from '../domain/ports/storage.ts';

/** When the log is looked after. */
export interface MaintenanceRules {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  /** A popped message's text leaves the disk at most this much later, milliseconds. */
  readonly keepPoppedMs: number;
  /** A snapshot at every so many events at most, so that a start reads a short tail. */
  readonly snapshotEvery?: number;
  /** A log larger than this, and twice what its last compaction left, is compacted once a thousand rows in it are done with. */
  readonly compactAboveBytes?: number;
}

/**
 * Renews the snapshot and compacts the log. A log is compacted when it is about to hold what was popped for longer than
 * that may stay, counted from the log's own beginning, so that restarts do not postpone it; and when it is large and
 * much in it is popped. Called when state and log agree; what it starts runs beside further writes, and never rejects.
 */
export function maintainLog({
  clock,
  logger,
  keepPoppedMs,
  snapshotEvery = SNAPSHOT_EVERY,
  compactAboveBytes = COMPACT_ABOVE_BYTES,
}: MaintenanceRules): (state: InboxState, log: EventLog) => void {
  const openedAtMs = clock();
  let snapshotAt: SnapshotPoint = { seq: 0, logBytes: 0 };
  let compacting = false;
  /** How many had been popped when this log began: of a log that an earlier process began, as if none. */
  let poppedBefore = 0;
  /** How many rows were done with, and how large the log was, when it was last known to be small, or first seen. */
  let doneWhenSmall: number | null = null;
  let bytesWhenSmall = 0;
  let notBeforeMs = 0;

  async function compact(state: InboxState, log: EventLog): Promise<void> {
    const { popped } = state.counts;
    const done = doneWith(state);
    compacting = true;
    try {
      await log.compact(state);
      poppedBefore = popped;
      doneWhenSmall = done;
      bytesWhenSmall = log.sizeBytes;
      snapshotAt = { seq: 0, logBytes: 0 };
    } catch (error) {
      notBeforeMs = clock() + TRY_AGAIN_AFTER_MS;
      logger.warn(`the log could not be compacted, trying again later: ${String(error)}`);
    } finally {
      compacting = false;
    }
  }

  function isCompactionDue(state: InboxState, log: EventLog): boolean {
    doneWhenSmall ??= doneWith(state);
    if (clock() < notBeforeMs) return false;
    const isLarge = log.sizeBytes > Math.max(compactAboveBytes, 2 * bytesWhenSmall);
    if (isLarge && doneWith(state) - doneWhenSmall >= MIN_DONE) return true;
    const ageMs = clock() - (log.begunAtMs ?? openedAtMs);
    const isOld = ageMs > Math.max(keepPoppedMs - MARGIN_MS, keepPoppedMs / 2);
    return isOld && state.counts.popped > poppedBefore;
  }

  /** The more a snapshot holds, the rarer it is: all of them together are written in the time of the log itself. */
  function isSnapshotDue(state: InboxState, log: EventLog): boolean {
    const grownBytes = log.sizeBytes - snapshotAt.logBytes;
    return state.seq - snapshotAt.seq >= snapshotEvery && grownBytes >= roughBytesOf(state) / 2;
  }

  return (state, log) => {
    if (compacting) return;
    if (isCompactionDue(state, log)) {
      void compact(state, log);
    } else if (isSnapshotDue(state, log)) {
      snapshotAt = { seq: state.seq, logBytes: log.sizeBytes };
      void log.saveSnapshot(state);
    }
  };
}

interface SnapshotPoint {
  readonly seq: number;
  readonly logBytes: number;
}

/** Rows that the log need not hold any more. */
function doneWith({ counts }: InboxState): number {
  return counts.popped + counts.skipped + counts.unreadable;
}

function roughBytesOf({ bodyChars, seen }: InboxState): number {
  return bodyChars + seen.size * BYTES_OF_AN_ID;
}

const SNAPSHOT_EVERY = 2_000;
const COMPACT_ABOVE_BYTES = 8 * 1024 * 1024;
/** A log that is large because much waits is not rewritten for each pop. */
const MIN_DONE = 1_000;
const BYTES_OF_AN_ID = 56;
/** Two looks of an idle ledger. */
const MARGIN_MS = 1_200_000;
const TRY_AGAIN_AFTER_MS = 3_600_000;
