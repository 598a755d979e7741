import { setMaxListeners } from 'node:events';
import { PlatformError } from '../../src/domain/wire/platform-error.ts';

/** The one place from which an exchange can be ended early: by the caller, by `close`, by its deadlines. */
export interface Ending {
  /** Fires with a {@link PlatformError} as its reason. */
  readonly signal: AbortSignal;
  end(reason: PlatformError): void;
  /** Starts (again) to wait for the other side: if nothing comes within the stall deadline, the exchange ends. */
  awaitProgress(): void;
  /** What was awaited came; our own slowness is not the other side's. */
  progressed(): void;
  /** From now on only the caller, `close` and a standstill end it: a stream without an end has begun. */
  liftDeadline(): void;
  /** The exchange is over: no timer and no listener is left behind. */
  release(): void;
}

/** What the request is called in an error, and how long it may take; milliseconds. */
export interface EndingLimits {
  readonly what: string;
  readonly totalMs: number;
  readonly stallMs?: number;
}

/** Ties an exchange to the caller's signal and to its deadlines. The total deadline begins now and covers the body. */
export function createEnding(limits: EndingLimits, caller: AbortSignal): Ending {
  const { what, totalMs, stallMs } = limits;
  const controller = new AbortController();
  let stall: NodeJS.Timeout | undefined;
  let released = false;
  const end = (reason: PlatformError) => controller.abort(reason);
  const abort = () => end(new PlatformError('aborted', `${what} was ended before it was done`));
  const total = setTimeout(
    () => end(new PlatformError('timed-out', `${what} took longer than ${seconds(totalMs)}`)),
    totalMs,
  );
  if (caller.aborted) abort();
  setMaxListeners(0, caller); // Many exchanges under one signal are no leak; Node would say so on stderr.
  caller.addEventListener('abort', abort);
  return {
    signal: controller.signal,
    end,
    awaitProgress() {
      if (stallMs === undefined || released) return;
      if (stall) return void stall.refresh(); // A file comes in thousands of pieces: no timer of its own for each.
      stall = setTimeout(
        () => end(new PlatformError('timed-out', `${what} stood still for ${seconds(stallMs)}`)),
        stallMs,
      );
    },
    progressed() {
      clearTimeout(stall);
      stall = undefined;
    },
    liftDeadline: () => clearTimeout(total),
    release() {
      released = true;
      clearTimeout(total);
      clearTimeout(stall);
      caller.removeEventListener('abort', abort);
    },
  };
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
