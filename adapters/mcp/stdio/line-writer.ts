import type { Writable } from 'node:stream';

/** The one way to stdout: whole lines, in the order of the calls. */
export interface LineWriter {
  /** Resolves when the operating system has taken the line; rejects when stdout is closed or breaks before that. */
  write(line: string): Promise<void>;
  /** Bytes handed over and not yet taken. */
  readonly pendingBytes: number;
  /** Bytes wait, and none was taken for `stallAfterMs`: the host stopped reading (W-30). */
  readonly stalled: boolean;
  readonly closed: boolean;
  /** Resolves when nothing is pending, when stdout broke, or after `withinMs`. */
  flush(withinMs: number): Promise<void>;
}

/** What a writer tells. */
export interface LineWriterEvents {
  /** A line was taken; `pendingBytes` is lower now. */
  taken(): void;
  stalledChanged(stalled: boolean): void;
  /** The reader is gone (EPIPE) or stdout was closed. Told once. */
  closed(error: Error | null): void;
}

/**
 * Writes lines to a stream. Each line is one `write`, so notifications and replies never interleave; what the stream has
 * not passed on is counted, so that callers can hold back and a host that stops reading costs bounded memory.
 */
export function createLineWriter(
  stream: Writable,
  stallAfterMs: number,
  events: LineWriterEvents,
): LineWriter {
  let pendingBytes = 0;
  let stalled = false;
  let closed = false;
  let stallTimer: NodeJS.Timeout | undefined;
  const flushed = new Set<() => void>();

  function setStalled(now: boolean): void {
    if (stalled === now) return;
    stalled = now;
    events.stalledChanged(now);
  }

  function watch(): void {
    clearTimeout(stallTimer);
    stallTimer = undefined;
    if (pendingBytes === 0 || closed) return;
    stallTimer = setTimeout(() => setStalled(true), stallAfterMs);
    stallTimer.unref();
  }

  function settle(): void {
    for (const resolve of flushed) resolve();
    flushed.clear();
  }

  function close(error: Error | null): void {
    if (closed) return;
    closed = true;
    watch();
    settle();
    events.closed(error);
  }

  // EPIPE without a listener would end the process; the listener stays, since a late write may still report it.
  stream.on('error', close);
  stream.on('close', () => close(null));

  return {
    write(line) {
      if (closed) return Promise.reject(new Error('stdout is closed'));
      const bytes = Buffer.from(`${line}\n`);
      pendingBytes += bytes.length;
      if (stallTimer === undefined) watch();
      return new Promise((resolve, reject) => {
        stream.write(bytes, (error) => {
          pendingBytes -= bytes.length;
          if (error) {
            close(error);
            reject(error);
            return;
          }
          setStalled(false);
          watch();
          if (pendingBytes === 0) settle();
          events.taken();
          resolve();
        });
      });
    },
    get pendingBytes() {
      return pendingBytes;
    },
    get stalled() {
      return stalled;
    },
    get closed() {
      return closed;
    },
    flush(withinMs) {
      if (closed || pendingBytes === 0) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(done, withinMs);
        function done(): void {
          clearTimeout(timer);
          flushed.delete(done);
          resolve();
        }
        flushed.add(done);
      });
    },
  };
}
