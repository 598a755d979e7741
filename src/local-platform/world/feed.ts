import { randomUUID } from 'node:crypto';
import type { ActivityRow, RowDraft } from '../rules/activity-row.ts';
import { holdsNul } from '../rules/go-json.ts';
import type { PlatformClock } from './clock.ts';

/** The activity log of every workspace. */
export interface Feed {
  /**
   * Inserts a row: it gets its time and number now and becomes readable when its commit is through.
   *
   * @returns the row once it is readable, or undefined when the database refuses it (U+0000 in a body, §4.3).
   */
  insert(workspaceId: string, draft: RowDraft): Promise<ActivityRow | undefined>;
  /**
   * Inserts rows at the end of one long transaction, as HEAD does for uploads (§15.7): they carry the time of its
   * beginning and the numbers of its end, and become readable together.
   */
  insertTogether(workspaceId: string, drafts: readonly RowDraft[]): Promise<ActivityRow[]>;
  /** Uses up numbers without a row, as an upsert that changes nothing does. */
  burnNumbers(count: number): void;
  /** Readable rows of a workspace by time and number, ascending. */
  rows(workspaceId: string): readonly ActivityRow[];
  /** A readable row by its id, of whatever workspace. */
  find(rowId: string): ActivityRow | undefined;
  /** Replaces readable rows in place, keeping their time and number. */
  update(workspaceId: string, matches: (row: ActivityRow) => boolean, change: Partial<RowDraft>): void;
  /** Deletes readable rows; gives their number. */
  prune(workspaceId: string, matches: (row: ActivityRow) => boolean): number;
}

/** When a new row's commit is through; undefined means at once. */
export type CommitGate = (row: ActivityRow) => Promise<void> | undefined;

/** An empty activity log. */
export function createFeed(clock: PlatformClock, gate: CommitGate): Feed {
  const byWorkspace = new Map<string, ActivityRow[]>();
  const byId = new Map<string, ActivityRow>();
  let lastSeq = 0;

  const rowsOf = (workspaceId: string): ActivityRow[] => {
    const known = byWorkspace.get(workspaceId);
    if (known !== undefined) return known;
    const rows: ActivityRow[] = [];
    byWorkspace.set(workspaceId, rows);
    return rows;
  };

  const newRow = (workspaceId: string, draft: RowDraft, createdAtMicros: number): ActivityRow => ({
    sourceId: null,
    targetId: null,
    method: null,
    summary: null,
    durationMs: null,
    status: 'ok',
    errorDetail: null,
    createdAtMicros,
    ...draft,
    id: randomUUID(),
    seq: ++lastSeq,
    workspaceId,
  });

  const makeReadable = (row: ActivityRow) => {
    const rows = rowsOf(row.workspaceId);
    let place = rows.length;
    while (place > 0 && isLater(rows[place - 1], row)) place -= 1;
    rows.splice(place, 0, row);
    byId.set(row.id, row);
  };

  return {
    async insert(workspaceId, draft) {
      const row = newRow(workspaceId, draft, clock.nowMicros());
      if ([row.requestBody, row.responseBody, row.summary].some(holdsNul)) return undefined;
      const committed = gate(row);
      if (committed !== undefined) await committed;
      makeReadable(row);
      return row;
    },
    async insertTogether(workspaceId, drafts) {
      const beganMicros = clock.nowMicros();
      const begun = drafts.map((draft) => newRow(workspaceId, draft, beganMicros));
      await Promise.all(begun.map(gate));
      const rows = begun.map((row) => ({ ...row, seq: ++lastSeq }));
      for (const row of rows) makeReadable(row);
      return rows;
    },
    burnNumbers(count) {
      lastSeq += count;
    },
    rows: (workspaceId) => byWorkspace.get(workspaceId) ?? [],
    find: (rowId) => byId.get(rowId),
    update(workspaceId, matches, change) {
      const rows = rowsOf(workspaceId);
      for (const [index, row] of rows.entries()) {
        if (!matches(row)) continue;
        const changed = { ...row, ...change };
        rows[index] = changed;
        byId.set(row.id, changed);
      }
    },
    prune(workspaceId, matches) {
      const rows = rowsOf(workspaceId);
      const kept = rows.filter((row) => !matches(row));
      for (const row of rows) if (matches(row)) byId.delete(row.id);
      byWorkspace.set(workspaceId, kept);
      return rows.length - kept.length;
    },
  };
}

function isLater(row: ActivityRow | undefined, than: ActivityRow): boolean {
  if (row === undefined) return false;
  if (row.createdAtMicros !== than.createdAtMicros) return row.createdAtMicros > than.createdAtMicros;
  return row.seq > than.seq;
}
