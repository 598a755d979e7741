import type { ActivityRow } from '../rules/activity-row.ts';
import type { Busyness } from '../world/busyness.ts';

/** Rows that have their time and number but cannot be read yet. */
export interface HeldCommits {
  /** The rows held at this moment, in order of writing. */
  readonly rows: readonly ActivityRow[];
  /** Resolves with the next row that is held, or at once with one nobody has asked for yet. */
  next(): Promise<ActivityRow>;
  /** Makes one held row readable, or all of them in order of writing; which one comes first is the caller's choice. */
  release(row?: Pick<ActivityRow, 'id'>): void;
  /** Releases everything and holds no further row. */
  off(): void;
}

/** Faults of the database: rows that become readable later than they were written (§13, races 3 to 5). */
export interface CommitFaults {
  /** Holds rows until they are released by hand, in any order. */
  hold(match?: (row: ActivityRow) => boolean): HeldCommits;
  /** Lets rows become readable some time after they were written. */
  delay(ms: number | ((row: ActivityRow) => number), match?: (row: ActivityRow) => boolean): { off(): void };
  clear(): void;
  /** When this row's commit is through; undefined means at once. */
  gate(row: ActivityRow): Promise<void> | undefined;
}

/** A database that commits at once. */
export function createCommitFaults(busyness: Busyness): CommitFaults {
  interface Active {
    match: (row: ActivityRow) => boolean;
    wait: (row: ActivityRow) => Promise<void>;
    off: () => void;
  }
  const active = new Set<Active>();

  return {
    hold(match = () => true) {
      const held = new Map<string, { row: ActivityRow; open: () => void }>();
      const unseen: ActivityRow[] = [];
      const askers: ((row: ActivityRow) => void)[] = [];
      const release = (row?: Pick<ActivityRow, 'id'>) => {
        for (const entry of row === undefined ? [...held.values()] : [held.get(row.id)]) {
          if (entry === undefined) throw new Error(`row ${row?.id} is not held`);
          held.delete(entry.row.id);
          entry.open();
        }
      };
      const off = () => {
        active.delete(entry);
        release();
      };
      const entry: Active = {
        match,
        off,
        wait(row) {
          const resume = busyness.pause();
          const released = new Promise<void>((goOn) => {
            const open = () => {
              resume();
              goOn();
            };
            held.set(row.id, { row, open });
          });
          const asker = askers.shift();
          if (asker === undefined) unseen.push(row);
          else asker(row);
          return released;
        },
      };
      active.add(entry);
      return {
        get rows() {
          return [...held.values()].map(({ row }) => row);
        },
        next() {
          const row = unseen.shift();
          return row === undefined ? new Promise((resolve) => askers.push(resolve)) : Promise.resolve(row);
        },
        release,
        off,
      };
    },
    delay(ms, match = () => true) {
      const entry: Active = {
        match,
        off: () => {
          active.delete(entry);
        },
        wait: (row) =>
          new Promise((resolve) => {
            setTimeout(resolve, typeof ms === 'number' ? ms : ms(row));
          }),
      };
      active.add(entry);
      return { off: entry.off };
    },
    clear() {
      for (const entry of [...active]) entry.off();
    },
    gate: (row) => [...active].find((entry) => entry.match(row))?.wait(row),
  };
}
