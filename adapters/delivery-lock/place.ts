import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Disk } from '../../src/domain/ports/disk.ts';
import { StorageError } from '../../src/domain/ports/storage.ts';
import type { Endpoint } from './endpoint.ts';
import { sendLine } from './line-exchange.ts';
import { createQueue, type Neighbour } from './queue.ts';
import type { Reply, Saying } from './wire.ts';

/** The right to deliver a workspace, for as long as this process lives and does not give it up. */
export interface Lease {
  /**
   * Resolves when delivery has to end: another window `claimed` it, or our place has `vanished` (somebody cleared the
   * run-time folder). Finish what is under way, write no more, then release. Never resolves otherwise.
   */
  readonly lost: Promise<'claimed' | 'vanished'>;
  /** Lets the next one deliver: whoever claimed it, else the next in line. Resolves when that is arranged. */
  release(): Promise<void>;
}

/** This process's place in the line for one key. */
export interface Place {
  /** Whether the lease is ours. */
  readonly delivers: boolean;
  /** Resolves when the place has been given up. */
  readonly left: Promise<void>;
  /** Waits until none before us lives. Leaves when the signal fires. */
  reachFront(signal: AbortSignal): Promise<Lease>;
  /** Looks anew who stands before us. */
  lookAgain(): void;
  foremost(signal: AbortSignal): Promise<Neighbour | null>;
  /** Keeps somebody's connection open for as long as the place of this number is ours. */
  holdBack(socket: Socket, number: number): Promise<void>;
  /** Promises the lease, which must be ours, to another endpoint: told to the holder, done and answered when it lets go. */
  yieldTo(heir: string, socket: Socket): void;
  refresh(): Promise<void>;
  leave(): Promise<void>;
}

/** What a place needs. */
export interface PlaceParts {
  readonly key: string;
  readonly runTimeFolder: string;
  /** On its way: a place may be asked about before this process listens. */
  readonly endpoint: Promise<Endpoint>;
  readonly disk: Disk;
}

/** A place that is taken when {@link Place.reachFront} is called. */
export function createPlace(parts: PlaceParts): Place {
  const behind = new Set<Socket>();
  const queue = parts.endpoint.then((endpoint) =>
    createQueue({ ...parts, endpoint, onPlaceGone: () => dropAll(behind) }),
  );
  const left = later<void>();
  const lost = later<'claimed' | 'vanished'>();
  let state: 'waiting' | 'delivering' | 'gone' = 'waiting';
  let waitingFor: Socket | null = null;
  /** The place from which we last looked. */
  let lookedFrom = 0;
  /** Something has changed since we began to look who stands before us. */
  let stale = false;
  let claimant: { readonly heir: string; readonly socket: Socket } | null = null;

  async function reachFront(signal: AbortSignal): Promise<Lease> {
    signal.addEventListener('abort', lookAgain);
    try {
      for (;;) {
        stale = false;
        const { mine, before } = await (await queue).look(signal);
        lookedFrom = mine;
        if (before && (stale || signal.aborted || state === 'gone')) before.socket.destroy();
        signal.throwIfAborted();
        if (state === 'gone') throw new StorageError('failed', 'the delivery lock was closed');
        if (!before) break;
        await endOf(before);
        // An entry that nobody could remove must not make us spin.
        await pause(LOOK_AGAIN_AFTER_MS, undefined, { ref: false });
      }
      state = 'delivering';
      return { lost: lost.promise, release: leave };
    } catch (error) {
      if (state === 'gone') await passOn(undefined).catch(() => {});
      else await leave();
      throw error;
    } finally {
      signal.removeEventListener('abort', lookAgain);
    }
  }

  function lookAgain(): void {
    stale = true;
    waitingFor?.destroy();
  }

  /** Resolves when the process before us has ended or moved away, or when we are told to look again. */
  function endOf({ socket, number }: Neighbour): Promise<void> {
    waitingFor = socket;
    return new Promise((resolve) => {
      if (socket.destroyed) return resolve();
      socket.once('close', () => resolve());
      socket.resume();
      sendLine(socket, { wait: parts.key, behind: number } satisfies Saying);
    });
  }

  async function leave(): Promise<void> {
    if (state === 'gone') return;
    state = 'gone';
    const claimed = claimant;
    claimant = null;
    const reply: Reply = await passOn(claimed?.heir).then(
      () => ({ reply: true }),
      (error: unknown) => ({ error: `delivery could not be passed on: ${error}` }),
    );
    if (claimed) sendLine(claimed.socket, reply);
    waitingFor?.destroy();
    dropAll(behind);
    left.resolve();
  }

  async function passOn(heir: string | undefined): Promise<void> {
    try {
      await (await queue).leave(heir);
    } catch (error) {
      // The heir is gone, or the folder is.
      await (await queue).leave().catch(() => {});
      throw error;
    }
  }

  return {
    get delivers() {
      return state === 'delivering';
    },
    left: left.promise,
    reachFront,
    lookAgain,
    foremost: async (signal) => (await queue).foremost(signal),
    async holdBack(socket, number) {
      // First registered, then checked: a place that goes in between takes the connection with it.
      behind.add(socket);
      socket.once('close', () => behind.delete(socket));
      if (!(await (await queue).isOurs(number))) socket.destroy();
      // Somebody sees us further in front than we do: we have inherited a place and were not told.
      else if (state === 'waiting' && number !== lookedFrom) lookAgain();
    },
    yieldTo(heir, socket) {
      if (claimant) return sendLine(socket, { error: 'another window has claimed it' } satisfies Reply);
      claimant = { heir, socket };
      socket.once('close', () => {
        if (claimant?.socket === socket) claimant = null;
      });
      lost.resolve('claimed');
    },
    async refresh() {
      if (await (await queue).refresh()) return;
      if (state === 'delivering') lost.resolve('vanished');
      else lookAgain();
    },
    leave,
  };
}

/** A promise and what resolves it. */
function later<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function dropAll(sockets: Set<Socket>): void {
  for (const socket of sockets) socket.destroy();
}

const LOOK_AGAIN_AFTER_MS = 5;
