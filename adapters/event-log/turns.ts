/** Runs works one after another, in the order they came; one that fails does not stop the next. */
export type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** A queue of its own. */
export function createTurns(): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
}
