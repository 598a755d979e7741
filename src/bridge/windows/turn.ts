import type { Lease } from '../../../adapters/delivery-lock/place.ts';
import { StorageError } from '../../domain/ports/storage.ts';
import type { Delivering } from '../delivering.ts';

/** A workspace's turn to be delivered by this process, and what is open while it lasts. */
export interface Turn {
  /** Null while another window delivers, or the log cannot be opened. */
  readonly delivering: Delivering | null;
  /** Why the log could not be opened at the last try; null when it is open, or nobody has tried. */
  readonly trouble: string | null;
  /** Resolves once it is this process's turn, also when the log cannot be opened: then a heartbeat is still owed. */
  take(signal: AbortSignal): Promise<void>;
  /** Opens the log if it is not open yet; rejects with the `StorageError` that says why it cannot be. */
  open(signal: AbortSignal): Promise<Delivering>;
  /** Ends it: every transfer is cut, the ledger closed, then the next window may have its turn. */
  end(): Promise<void>;
}

/** What a turn takes; the parts of a workspace of these names. */
export interface TurnParts {
  readonly takeTurn: (signal: AbortSignal) => Promise<Lease>;
  readonly deliver: () => Promise<Delivering>;
  readonly onDelivering: (delivering: Delivering) => void;
  readonly onLost: () => void;
}

/** A turn that nobody has taken yet; it may be taken again and again. */
export function createTurn({ takeTurn, deliver, onDelivering, onLost }: TurnParts): Turn {
  let lease: Lease | null = null;
  let delivering: Delivering | null = null;
  let trouble: string | null = null;
  let opening: Promise<Delivering> | null = null;
  let ending = Promise.resolve();

  function open(signal: AbortSignal): Promise<Delivering> {
    if (delivering) return Promise.resolve(delivering);
    if (!lease) return Promise.reject(new Error('this process does not deliver the workspace'));
    opening ??= openFor(lease, signal).finally(() => {
      opening = null;
    });
    return opening;
  }

  async function openFor(turn: Lease, signal: AbortSignal): Promise<Delivering> {
    const opened = await deliver().catch((error: unknown) => {
      trouble = error instanceof Error ? error.message : String(error);
      throw error;
    });
    if (signal.aborted || lease !== turn) {
      await opened.close();
      throw signal.reason ?? new Error('the turn has ended');
    }
    trouble = null;
    delivering = opened;
    // A ledger that ends by itself could not read its log any more; the next open says why.
    opened.ledger.events$.subscribe({ complete: () => forget(opened) });
    onDelivering(opened);
    return opened;
  }

  function forget(ended: Delivering): void {
    if (delivering !== ended) return;
    delivering = null;
    ended.close().catch(() => {});
  }

  /** Nothing is written any more once the lease is released: the next one opens the log. */
  function end(): Promise<void> {
    const [turn, ended] = [lease, delivering];
    lease = null;
    delivering = null;
    trouble = null;
    if (turn) {
      // What a failing close leaves behind, the next start finds and mends.
      ending = Promise.allSettled([opening, ended?.close()]).then(() => turn.release());
    }
    return ending;
  }

  return {
    get delivering() {
      return delivering;
    },
    get trouble() {
      return trouble;
    },
    async take(signal) {
      await ending;
      if (lease) return;
      const taken = await takeTurn(signal);
      lease = taken;
      taken.lost.then(() => {
        if (lease !== taken) return;
        void end();
        onLost();
      });
      await open(signal).catch(async (error: unknown) => {
        if (error instanceof StorageError) return;
        await end();
        throw error;
      });
    },
    open,
    end,
  };
}

/** The turn of a process that has no rivals. */
export async function alone(): Promise<Lease> {
  return { lost: new Promise(() => {}), release: async () => {} };
}
