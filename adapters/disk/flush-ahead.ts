import type { DiskFile } from '../../src/domain/ports/disk.ts';

/** Follows one file that is being written. */
export interface FlushAhead {
  /** So many bytes more were written. */
  wrote(bytes: number): void;
  /** Resolves once no flush is under way; rejects if one has failed: what it was to make durable may be lost for good. */
  settled(): Promise<void>;
}

/**
 * Has large files flushed while they are written, so that the disk works beside the network and little is left for the last
 * flush. One flush at a time over all files, since each holds a thread of the pool for as long as the disk takes, and the
 * log has to flush beside it.
 */
export function createFlushAhead(): (file: Pick<DiskFile, 'datasync'>) => FlushAhead {
  let busy = false;
  return (file) => {
    let unflushedBytes = 0;
    let flushed = Promise.resolve();
    const flush = async () => {
      try {
        await file.datasync();
      } finally {
        busy = false;
      }
    };
    return {
      wrote(bytes) {
        unflushedBytes += bytes;
        if (busy || unflushedBytes < FLUSH_BYTES) return;
        busy = true;
        unflushedBytes = 0;
        // A failure is told once by the system, and has to last here.
        flushed = Promise.all([flushed, flush()]).then(() => {});
        flushed.catch(() => {});
      },
      settled: () => flushed,
    };
  };
}

const FLUSH_BYTES = 4 * 1024 * 1024;
