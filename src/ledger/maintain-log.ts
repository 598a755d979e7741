import type { InboxState } from '../domain/inbox-state.ts';
import type { Clock } from '../domain/ports/runtime.ts';
import type { EventLog } from '../domain/ports/storage.ts';

/**
 * When the snapshot is renewed and the log compacted: a snapshot every 2,000 events, so that a start reads a short tail;
 * a compaction once the log is over 8 MiB, or a day old with something popped in it, so that popped bodies leave the disk.
 */
export function maintainLog(clock: Clock): (state: InboxState, log: EventLog) => Promise<void> {
  let snapshotSeq = 0;
  let compactedAtMs = clock();
  let poppedThen = -1;

  return async (state, log) => {
    if (poppedThen < 0) poppedThen = state.counts.popped;
    const aged = clock() - compactedAtMs > COMPACT_EVERY_MS && state.counts.popped > poppedThen;
    const popsSince = state.counts.popped - poppedThen;
    if (aged || (log.sizeBytes > COMPACT_ABOVE_BYTES && popsSince >= MIN_POPS)) {
      compactedAtMs = clock();
      poppedThen = state.counts.popped;
      await log.compact(state).catch(() => {});
      snapshotSeq = 0;
    }
    if (state.seq - snapshotSeq < SNAPSHOT_EVERY) return;
    snapshotSeq = state.seq;
    await log.saveSnapshot(state);
  };
}

const SNAPSHOT_EVERY = 2_000;
const COMPACT_ABOVE_BYTES = 8 * 1024 * 1024;
const COMPACT_EVERY_MS = 24 * 3600 * 1000;
/** A log that is large because much waits is not rewritten for each pop. */
const MIN_POPS = 1_000;
