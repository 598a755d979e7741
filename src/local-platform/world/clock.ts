/** The server's clock, which tests may shift, freeze and let run again. */
export interface PlatformClock {
  /** Now, in milliseconds since 1970. */
  nowMs(): number;
  /** Now, in microseconds since 1970; later than every answer before, unless frozen or set back. */
  nowMicros(): number;
  /** Sets the clock forward or, with a negative figure, back (race 11 of §13). */
  shiftBy(ms: number): void;
  /** Stops the clock, so that everything written carries one timestamp, until {@link PlatformClock.thaw}. */
  freeze(): void;
  thaw(): void;
}

/** A clock that begins with the machine's own time. */
export function createClock(): PlatformClock {
  let shiftMicros = 0;
  let lastMicros = 0;
  let frozenMicros: number | undefined;
  const machineMicros = () => Math.floor((performance.timeOrigin + performance.now()) * 1000) + shiftMicros;

  const nowMicros = () => {
    lastMicros = frozenMicros ?? Math.max(machineMicros(), lastMicros + 1);
    return lastMicros;
  };
  return {
    nowMs: () => Math.floor((frozenMicros ?? machineMicros()) / 1000),
    nowMicros,
    shiftBy(ms) {
      shiftMicros += ms * 1000;
      lastMicros = 0;
      if (frozenMicros !== undefined) frozenMicros += ms * 1000;
    },
    freeze() {
      frozenMicros ??= nowMicros();
    },
    thaw() {
      frozenMicros = undefined;
    },
  };
}
