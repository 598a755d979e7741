import { BehaviorSubject, defer, EMPTY, of, take } from 'rxjs';
import {
  type CursorRules,
  defaultCursorRules,
  startPosition,
} from '../../src/domain/cursor/cursor-position.ts';
import type { FeedBatch } from '../../src/domain/cursor/cursor-step.ts';
import { decide } from '../../src/domain/inbox/inbox-decide.ts';
import { type InboxState, initialState } from '../../src/domain/inbox/inbox-state.ts';
import { StorageError } from '../../src/domain/ports/storage.ts';
import { classifyRow } from '../../src/domain/wire/classify.ts';
import { PlatformError } from '../../src/domain/wire/platform-error.ts';
import { readRow } from '../../src/domain/wire/row.ts';
import { type FeedProgress, readFeed } from '../../streams/read-feed.ts';
import type { FeedModel } from './feed-model.ts';
import { apply } from './given.ts';
import { OWN } from './rows.ts';

/** How a poll may be broken: the process dies, or the disk refuses, at the given page of it. */
export interface Breakage {
  readonly page: number;
  readonly how: 'unreachable' | 'disk refuses' | 'killed before commit' | 'killed after commit';
}

/** An agent that reads a modelled feed: the real plan, the real stream, the real decisions; only the disk is a variable. */
export class FeedAgent {
  /** What is durable. */
  state: InboxState = initialState();
  /** Ids of the messages taken, in order, over all restarts. */
  readonly taken: string[] = [];
  readonly progress: FeedProgress[] = [];
  position = new BehaviorSubject(startPosition());
  room = true;
  private readonly platform: FeedModel;
  readonly rules: CursorRules;

  constructor(platform: FeedModel, rules: Partial<CursorRules> = {}) {
    this.platform = platform;
    this.rules = { ...defaultCursorRules, ...rules };
  }

  /** One poll, to its end. */
  poll(breakage?: Breakage): void {
    let page = 0;
    const isBroken = (...how: Breakage['how'][]) =>
      breakage !== undefined && breakage.page === page && how.includes(breakage.how);
    readFeed(of(null), {
      rules: this.rules,
      position: this.position,
      stored: () => this.state.feed,
      nowMs: () => this.platform.nowMicros / 1000,
      hasRoom: () => this.room,
      readPage: (query) =>
        defer(() => {
          page += 1;
          if (page > MAX_PAGES) throw new Error('the read makes no progress');
          if (isBroken('unreachable')) throw new PlatformError('unavailable', 'no connection');
          return of(this.platform.read(query));
        }),
      takePage: (batch) =>
        defer(() => {
          if (isBroken('disk refuses')) throw new StorageError('full', 'no space left');
          if (isBroken('killed before commit')) throw new Killed();
          this.commit(batch);
          if (isBroken('killed after commit')) throw new Killed();
          return EMPTY;
        }),
    })
      .pipe(take(MAX_PAGES))
      .subscribe({
        next: (progress) => this.progress.push(progress),
        error: (error: unknown) => {
          if (error instanceof Killed) this.restart();
          else if (error instanceof PlatformError && error.kind === 'cursor-gone') {
            this.state = apply(this.state, [
              { type: 'feed.cursorExpired', data: { cursorId: this.state.feed?.cursor?.id ?? '' } },
            ]);
          } else if (!(error instanceof StorageError || error instanceof PlatformError)) throw error;
        },
      });
  }

  /** A new process: only what is durable is left. */
  restart(): void {
    this.position = new BehaviorSubject(startPosition());
  }

  /** Polls until nothing can be missing any more: past the latest commit, and then past the next sweep. */
  settle(): void {
    const rounds = 2 + (this.rules.lateMs + 2 * this.rules.sweepEveryMs) / 60_000;
    for (let round = 0; round < rounds; round += 1) {
      this.platform.wait(60_000);
      this.poll();
      this.poll();
    }
  }

  private commit(batch: FeedBatch): void {
    const rows = batch.rows.map((raw) => classifyRow(raw, OWN));
    const { opened, advanced } = batch;
    const events = decide({ type: 'takeRows', opened, rows, advanced }, this.state);
    this.state = apply(this.state, events);
    for (const event of events) if (event.type === 'message.received') this.taken.push(event.data.row.id);
  }
}

/** The reference's cursor (W-5, W-7): the last row of the last page; after a 410, or without one, the newest of ten minutes. */
export class NaiveAgent {
  readonly taken: string[] = [];
  private readonly seen = new Set<string>();
  private cursor: string | null = null;
  private readonly platform: FeedModel;
  private readonly limit: number;

  constructor(platform: FeedModel, limit: number) {
    this.platform = platform;
    this.limit = limit;
  }

  poll(): void {
    try {
      const { limit } = this;
      const rows =
        this.cursor === null
          ? [...this.platform.read({ limit }).rows].reverse()
          : this.platform.read({ sinceId: this.cursor, limit }).rows;
      for (const raw of rows) {
        const reading = readRow(raw);
        if (!reading.ok) continue;
        this.cursor = reading.row.id;
        if (!this.seen.has(reading.row.id)) this.taken.push(reading.row.id);
        this.seen.add(reading.row.id);
      }
    } catch {
      this.cursor = null;
    }
  }

  settle(): void {
    for (let round = 0; round < 400; round += 1) {
      this.platform.wait(10_000);
      this.poll();
    }
  }
}

class Killed extends Error {}

const MAX_PAGES = 2_000;
