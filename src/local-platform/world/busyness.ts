/** Counts writes under way, also those that go on after their reply was sent, so that a test can wait for their end. */
export interface Busyness {
  /** Counts this work until it ends. */
  track<T>(work: Promise<T>): Promise<T>;
  /** Takes work that waits for somebody outside (a held commit) out of the count; the result puts it back. */
  pause(): () => void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
}

/** Nothing under way. */
export function createBusyness(): Busyness {
  let running = 0;
  let waiters: (() => void)[] = [];
  const add = (change: number) => {
    running += change;
    if (running > 0) return;
    for (const resolve of waiters) resolve();
    waiters = [];
  };
  return {
    async track(work) {
      add(1);
      try {
        return await work;
      } finally {
        add(-1);
      }
    },
    pause() {
      add(-1);
      return () => add(1);
    },
    settled: () => (running <= 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
  };
}
