import type { FeedPage, FeedQuery } from '../../src/domain/ports/platform.ts';
import { fromMicros, toMicros } from '../../src/domain/time.ts';
import { PlatformError } from '../../src/domain/wire/platform-error.ts';
import { chatRow, idOf } from './rows.ts';

/** A row of the modelled feed: created at its transaction's begin, readable from its commit (protocol.md §13). */
export interface ModelRow {
  readonly id: string;
  readonly createdMicros: number;
  readonly visibleMicros: number;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** The two servers: May orders ties at will and compares times only; HEAD orders and compares `(created_at, seq)` (§15.4). */
export type Generation = 'may' | 'head';

/** What a platform does with its activity rows, as far as a reader can see: §4.1, §4.2, §4.4, §13. */
export class FeedModel {
  nowMicros = BEGIN_MICROS;
  /** Every row ever written, in the order of writing (`seq`). */
  readonly written: ModelRow[] = [];
  /** The queries so far. */
  readonly queries: FeedQuery[] = [];
  private held: ModelRow[] = [];
  private readonly seqs = new Map<ModelRow, number>();
  private readonly generation: Generation;
  private readonly tellsTime: boolean;
  private readonly tickMicros: number;

  constructor({
    generation = 'may',
    tellsTime = true,
    tickMs = 40,
  }: { generation?: Generation; tellsTime?: boolean; tickMs?: number } = {}) {
    this.generation = generation;
    this.tellsTime = tellsTime;
    this.tickMicros = tickMs * 1000;
  }

  /** Rows that the platform still has, readable or not. */
  get stillHeld(): readonly ModelRow[] {
    return this.held;
  }

  wait(ms: number): void {
    this.nowMicros += ms * 1000;
  }

  /** Writes `count` rows of one time, readable `lateMs` later. */
  write({ count = 1, lateMs = 0 }: { count?: number; lateMs?: number } = {}): void {
    this.nowMicros += 1;
    const createdMicros = this.nowMicros;
    for (let written = 0; written < count; written += 1) {
      const number = this.written.length;
      const raw = chatRow(number, `message ${number}`, {
        created_at: fromMicros(createdMicros),
        ...(this.generation === 'head' ? { seq: number + 1 } : {}),
      });
      this.add({ id: idOf(number), createdMicros, visibleMicros: createdMicros + lateMs * 1000, raw });
    }
  }

  /** Adds a row as it is: a recorded one. */
  add(row: ModelRow): void {
    this.seqs.set(row, this.written.push(row));
    this.held.push(row);
  }

  /** Deletes what was created more than `ms` ago (§4.6). */
  prune(ms: number): void {
    this.held = this.held.filter((row) => row.createdMicros >= this.nowMicros - ms * 1000);
  }

  /** Deletes one row. */
  remove(id: string | undefined): void {
    this.held = this.held.filter((row) => row.id !== id);
  }

  /** Answers a read as the server does; each takes a moment. */
  read = (query: FeedQuery): FeedPage => {
    this.nowMicros += this.tickMicros;
    this.queries.push(query);
    const readable = this.held.filter((row) => row.visibleMicros <= this.nowMicros);
    const rows =
      query.sinceId === undefined
        ? this.ordered(readable).reverse()
        : this.ordered(this.after(readable, query.sinceId));
    const before = query.beforeTs === undefined ? Number.POSITIVE_INFINITY : toMicros(query.beforeTs);
    if (before === null) throw new PlatformError('refused', 'before_ts must be an RFC3339 timestamp');
    return {
      rows: rows
        .filter((row) => row.createdMicros < before)
        .slice(0, query.limit)
        .map(({ raw }) => raw),
      serverNowMicros: this.tellsTime ? Math.floor(this.nowMicros / 1e6) * 1e6 : null,
    };
  };

  private after(readable: readonly ModelRow[], id: string): ModelRow[] {
    const cursor = this.held.find((row) => row.id === id);
    if (!cursor) throw new PlatformError('cursor-gone', 'since_id cursor not found', { status: 410 });
    return readable.filter(
      (row) =>
        row.createdMicros > cursor.createdMicros ||
        (this.generation === 'head' &&
          row.createdMicros === cursor.createdMicros &&
          this.seqOf(row) > this.seqOf(cursor)),
    );
  }

  /** Ascending; in May rows of one time come in another order with every query. */
  private ordered(rows: readonly ModelRow[]): ModelRow[] {
    const turn = this.queries.length;
    const tie = (row: ModelRow) =>
      this.generation === 'head' ? this.seqOf(row) : ((this.seqOf(row) + 7) * (turn + 3) * 7919) % 1009;
    return rows
      .map((row) => ({ row, tie: tie(row) }))
      .sort((a, b) => a.row.createdMicros - b.row.createdMicros || a.tie - b.tie)
      .map(({ row }) => row);
  }

  private seqOf(row: ModelRow): number {
    return this.seqs.get(row) ?? 0;
  }
}

const BEGIN_MICROS = Date.UTC(2026, 4, 5) * 1000;
