/** Works that run one after another, in the order they came. */
export interface Turns {
  /** Runs a work in its turn; one that fails does not stop the next. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when its turn has come, which lasts until the result is called: for a work that needs it late. */
  take(): Promise<() => void>;
}

/** A queue of its own. */
export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();

  function run<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  }

  return {
    run,
    take: () =>
      new Promise((begin) => {
        void run(() => new Promise<void>(begin));
      }),
  };
}
