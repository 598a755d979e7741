import { BehaviorSubject, type Observable, Subject } from 'rxjs';
import type { StoredEvent } from '../domain/events.ts';
import { type Command, decide } from '../domain/inbox/inbox-decide.ts';
import { evolve, fold } from '../domain/inbox/inbox-evolve.ts';
import type { InboxState } from '../domain/inbox/inbox-state.ts';
import type { Clock } from '../domain/ports/runtime.ts';
import { type EventLog, StorageError } from '../domain/ports/storage.ts';

/**
 * The one writer of a workspace's log: turns commands into events, makes them durable, then tells everybody.
 * Commands that come while a write is under way share the next `fdatasync`, so that a flood costs few of them.
 */
export interface Ledger {
  /** The fold so far. May be ahead of the disk by the commits still under way: whoever shows a message compares with `durableSeq`. */
  readonly state: Readonly<InboxState>;
  /** Everything up to this event is on disk. */
  readonly durableSeq: number;
  /** How many messages of the state's inbox were released by events that are not on disk yet. */
  readonly releasedAhead: number;
  /** Durable events, in order, each exactly once. Never errors; completes when the ledger closes. */
  readonly events$: Observable<StoredEvent>;
  /** What is wrong with the disk now, if the last write failed; null when it works. */
  readonly trouble$: Observable<Error | null>;
  /**
   * Resolves with the command's events once they are durable (with none at once when it changes nothing). Rejects with
   * the log's `StorageError` when they could not be written: then nothing has happened.
   */
  commit(command: Command): Promise<readonly StoredEvent[]>;
  /** Finishes what is under way, saves a snapshot and closes the log; later commits are refused. */
  close(): Promise<void>;
}

/** What a ledger needs. */
export interface LedgerParts {
  readonly log: EventLog;
  readonly clock: Clock;
  /** What this process has to say before anything else, given what is durable; null once that has been said. */
  readonly prelude?: (state: Readonly<InboxState>) => Command | null;
  /** Snapshot and compaction policy: called when state and log agree, after writes and now and then. What it starts runs beside further writes. */
  readonly maintain?: (state: InboxState, log: EventLog) => void;
}

/**
 * Opens a ledger over a log: loads what is durable and folds the tail. Rejects as `EventLog.load` does. A disk that can be
 * read but not written does not hinder: what waits stays readable, and the prelude is said with the first write that works.
 */
export async function openLedger({ log, clock, prelude, maintain }: LedgerParts): Promise<Ledger> {
  let state = await restore(log);
  let durableSeq = state.seq;
  /** Of the messages in the inbox, those whose release is still to be written. */
  const ahead = new Set<string>();
  let waiting: Commit[] = [];
  let writing: Promise<void> | null = null;
  let restoring: Promise<void> | null = null;
  let closed = false;
  const events$ = new Subject<StoredEvent>();
  const trouble$ = new BehaviorSubject<Error | null>(null);
  const housekeeping = setInterval(() => {
    if (!closed) writing ??= writeAll();
  }, MAINTAIN_EVERY_MS).unref();

  async function commit(command: Command): Promise<readonly StoredEvent[]> {
    while (restoring) await restoring;
    if (closed) throw new StorageError('failed', 'the log is closed');
    say(prelude?.(state) ?? null);
    return say(command) ?? [];
  }

  /** Decides, folds and queues for the disk; null when nothing follows. */
  function say(command: Command | null): Promise<readonly StoredEvent[]> | null {
    const at = new Date(clock()).toISOString();
    const decided = command ? decide(command, state) : [];
    if (decided.length === 0) return null;
    const events = decided.map((event): StoredEvent => {
      const stored: StoredEvent = { v: 1, seq: state.seq + 1, at, ...event };
      state = evolve(state, stored);
      if (stored.type === 'message.released') ahead.add(stored.data.activityId);
      if (stored.type === 'message.popped') ahead.delete(stored.data.activityId);
      return stored;
    });
    const said = new Promise<readonly StoredEvent[]>((resolve, reject) => {
      waiting.push({ events, resolve, reject });
      writing ??= writeAll();
    });
    // A prelude's failure is that of the command behind it.
    said.catch(() => {});
    return said;
  }

  async function writeAll(): Promise<void> {
    // One turn later, so that commands of the same moment share a write.
    await Promise.resolve();
    do {
      const batch = waiting;
      waiting = [];
      const events = batch.flatMap((commit) => commit.events);
      try {
        if (events.length > 0) await log.append(events);
      } catch (error) {
        await undo(batch, error);
        continue;
      }
      if (events.length > 0 && trouble$.value) trouble$.next(null);
      durableSeq = events.at(-1)?.seq ?? durableSeq;
      for (const event of events) if (event.type === 'message.released') ahead.delete(event.data.activityId);
      for (const { events, resolve } of batch) resolve(events);
      for (const event of events) events$.next(event);
      if (waiting.length === 0) maintain?.(state, log);
    } while (waiting.length > 0);
    // In the same breath as the last look at what waits: a commit after this starts anew.
    writing = null;
  }

  /** The state has run ahead of a log that refused: go back to what is durable, so that a refused commit left no trace. */
  async function undo(batch: readonly Commit[], error: unknown): Promise<void> {
    const refused = [...batch, ...waiting];
    waiting = [];
    trouble$.next(error instanceof Error ? error : new Error(String(error)));
    restoring = restore(log).then(
      (durable) => {
        state = durable;
        ahead.clear();
      },
      async (damage: unknown) => {
        closed = true;
        // Nothing of it may still be written when somebody else opens the file.
        await log.close();
        events$.complete();
        throw damage;
      },
    );
    try {
      await restoring;
      for (const { reject } of refused) reject(error);
    } catch (damage) {
      for (const { reject } of refused) reject(damage);
    } finally {
      restoring = null;
    }
  }

  await (say(prelude?.(state) ?? null) ?? Promise.resolve()).catch(() => {});

  return {
    get state() {
      return state;
    },
    get durableSeq() {
      return durableSeq;
    },
    get releasedAhead() {
      return ahead.size;
    },
    events$,
    trouble$: trouble$.asObservable(),
    commit,
    async close() {
      clearInterval(housekeeping);
      if (closed) return;
      closed = true;
      await writing;
      events$.complete();
      void log.saveSnapshot(state);
      await log.close();
    },
  };
}

interface Commit {
  readonly events: readonly StoredEvent[];
  readonly resolve: (events: readonly StoredEvent[]) => void;
  readonly reject: (error: unknown) => void;
}

async function restore(log: EventLog): Promise<InboxState> {
  const { state, tail } = await log.load();
  return fold(tail, state);
}

/** How often the log is looked after although nobody writes. */
const MAINTAIN_EVERY_MS = 600_000;
