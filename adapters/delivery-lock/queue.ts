import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Disk } from '../../src/domain/ports/disk.ts';
import type { Endpoint } from './endpoint.ts';
import { reach } from './reach.ts';

/**
 * Who waits to deliver one workspace: a folder of numbered entries, each of which leads to one process. The lowest whose
 * process lives delivers.
 *
 * Why there are never two: a process takes a number above all others, looks again, and withdraws if it now sees a higher
 * one; and it delivers only after it has found every lower entry dead. So of two that live, either the higher one came
 * later and saw the lower one alive, or the lower one came later, saw the higher one, and withdrew. Entries of the dead are
 * removed only by a living process with a higher number, whose sight makes anybody withdraw who takes that number again.
 */
export interface Queue {
  /** Looks who stands before us; takes a place if we have none. */
  look(signal: AbortSignal): Promise<Outlook>;
  /** The foremost place whose process lives; null for none, or when that is this process. */
  foremost(signal: AbortSignal): Promise<Neighbour | null>;
  /** Whether a place is this process's. */
  isOurs(number: number): Promise<boolean>;
  /** Gives up every place of this process, the foremost to another endpoint if one is named. */
  leave(heir?: string): Promise<void>;
  /** Keeps this process's places young; false when it has none (any more). */
  refresh(): Promise<boolean>;
}

/** What a look shows. */
export interface Outlook {
  /** Our foremost place. */
  readonly mine: number;
  /** The next lower place whose process lives; null when there is none: then it is our turn. */
  readonly before: Neighbour | null;
}

/** A place with a connection to its process. */
export interface Neighbour {
  readonly number: number;
  readonly socket: Socket;
}

/** What a queue needs. `onPlaceGone` is called when a place of ours has ceased to be: who waits behind it must look again. */
export interface QueueParts {
  readonly runTimeFolder: string;
  readonly key: string;
  readonly endpoint: Endpoint;
  readonly disk: Disk;
  readonly onPlaceGone: () => void;
}

/** Where the places of one workspace are. */
export function queueFolder(runTimeFolder: string, key: string): string {
  return join(runTimeFolder, createHash('sha256').update(key).digest('hex').slice(0, 16));
}

/** The queue of one workspace in the run-time folder, as one process sees it. */
export function createQueue({ runTimeFolder, key, endpoint, disk, onPlaceGone }: QueueParts): Queue {
  const folder = queueFolder(runTimeFolder, key);
  const pathOf = (number: number) => join(folder, String(number));

  async function numbers(): Promise<number[]> {
    const names = await disk.list(folder);
    const taken = names.filter((name) => /^[1-9]\d{0,14}$/.test(name)).map(Number);
    return taken.sort((one, other) => one - other);
  }

  async function ownNumbers(): Promise<number[]> {
    const own: number[] = [];
    for (const number of await numbers()) if (await isOurs(number)) own.push(number);
    return own;
  }

  function isOurs(number: number): Promise<boolean> {
    return endpoint.leadsHere(pathOf(number));
  }

  async function takePlace(): Promise<number> {
    await disk.ensureFolder(folder);
    for (;;) {
      const mine = ((await numbers()).at(-1) ?? 0) + 1;
      if (!(await endpoint.publish(pathOf(mine)))) continue;
      if ((await numbers()).at(-1) === mine) return mine;
      await remove(mine);
    }
  }

  async function remove(number: number): Promise<void> {
    await disk.removeFile(pathOf(number));
    onPlaceGone();
  }

  async function firstLiving(candidates: readonly number[], signal: AbortSignal): Promise<Neighbour | null> {
    for (const number of candidates) {
      let reached = await reach(pathOf(number));
      while (reached === 'unclear') {
        await pause(UNCLEAR_PAUSE_MS, undefined, { signal, ref: false }).catch(() => {});
        signal.throwIfAborted();
        reached = await reach(pathOf(number));
      }
      if (reached !== 'dead') return { number, socket: reached };
    }
    return null;
  }

  return {
    isOurs,
    async look(signal) {
      const [foremost] = await ownNumbers();
      // Whoever waited behind a place that has vanished must not go on waiting behind us.
      if (foremost === undefined) onPlaceGone();
      const mine = foremost ?? (await takePlace());
      const lower = (await numbers()).filter((number) => number < mine).reverse();
      const before = await firstLiving(lower, signal);
      if (!before) for (const number of lower) await disk.removeFile(pathOf(number));
      return { mine, before };
    },
    async foremost(signal) {
      const all = await numbers();
      const [mine = Number.POSITIVE_INFINITY] = await ownNumbers();
      const before = all.filter((number) => number < mine);
      return firstLiving(before, signal);
    },
    async leave(heir) {
      const [foremost, ...others] = await ownNumbers();
      for (const number of others) await remove(number);
      if (foremost === undefined) return;
      if (heir === undefined) return remove(foremost);
      await endpoint.publishOther(heir, pathOf(foremost));
      onPlaceGone();
    },
    async refresh() {
      const own = await ownNumbers();
      const refreshed = await Promise.all(own.map((number) => endpoint.refresh(pathOf(number))));
      return refreshed.includes(true);
    },
  };
}

const UNCLEAR_PAUSE_MS = 20;
