/** The pushes in their order, each handed out once. */
export interface Arrivals {
  readonly add: (activityId: string) => void;
  /** The next push; rejects with the signal's reason. */
  next(signal: AbortSignal): Promise<string>;
}

/** Arrivals of which none has come yet. */
export function createArrivals(): Arrivals {
  const arrived: string[] = [];
  let wake = () => {};
  return {
    add(activityId) {
      arrived.push(activityId);
      wake();
    },
    async next(signal) {
      while (true) {
        signal.throwIfAborted();
        const activityId = arrived.shift();
        if (activityId !== undefined) return activityId;
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    },
  };
}
