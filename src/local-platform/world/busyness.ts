import { AsyncLocalStorage } from 'node:async_hooks';

/** Knows of work that goes on after its reply was sent, so that a test can wait for the end of it. */
export interface Busyness {
  /** Starts work that nobody waits for but {@link Busyness.settled}. */
  detach(work: () => Promise<unknown>): void;
  /** Says that the work calling this now waits for somebody outside (a held commit), until the result is called. */
  pause(): () => void;
  /** Resolves when all detached work has ended or waits for somebody outside. */
  settled(): Promise<void>;
}

/** Nothing under way. */
export function createBusyness(onCrash: (error: unknown) => void): Busyness {
  interface Job {
    pauses: number;
  }
  const current = new AsyncLocalStorage<Job>();
  const jobs = new Set<Job>();
  let waiters: (() => void)[] = [];
  const isSettled = () => [...jobs].every((job) => job.pauses > 0);
  const changed = () => {
    if (!isSettled()) return;
    for (const resolve of waiters) resolve();
    waiters = [];
  };

  return {
    detach(work) {
      const job = { pauses: 0 };
      jobs.add(job);
      current
        .run(job, work)
        .catch(onCrash)
        .finally(() => {
          jobs.delete(job);
          changed();
        });
    },
    pause() {
      const job = current.getStore();
      if (job === undefined) return () => {};
      job.pauses += 1;
      changed();
      return () => {
        job.pauses -= 1;
      };
    },
    settled: () => (isSettled() ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
  };
}
