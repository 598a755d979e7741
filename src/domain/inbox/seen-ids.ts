/**
 * Row ids that are never taken again, each with its row's created_at in microseconds, in the order they came. Kept in
 * plain arrays beside the look-up: a snapshot of hundreds of thousands is then two copies of memory and no walk, which
 * would hold the event loop.
 */
export interface SeenIds {
  readonly size: number;
  has(id: string): boolean;
  /** Remembers an id; one that is known keeps its place and time. */
  add(id: string, atMicros: number): void;
  /**
   * Forgets from the front what is older than the floor. Rows come roughly by age, so the forgettable ids stand there; a
   * late row among them is forgotten a little later, and keeps those behind it as long.
   */
  forgetBefore(floorMicros: number): void;
  /** Copies, position by position: pairs would be one more object for each of very many ids. */
  toArrays(): { readonly ids: readonly string[]; readonly atMicros: readonly number[] };
}

/** Holds no ids yet. */
export function createSeenIds(): SeenIds {
  const known = new Set<string>();
  let ids: string[] = [];
  let times: number[] = [];
  /** What stands before it is forgotten. */
  let start = 0;

  return {
    get size() {
      return known.size;
    },
    has: (id) => known.has(id),
    add(id, atMicros) {
      if (known.has(id)) return;
      known.add(id);
      ids.push(id);
      times.push(atMicros);
    },
    forgetBefore(floorMicros) {
      for (let id = ids[start]; id !== undefined && (times[start] ?? 0) < floorMicros; id = ids[start]) {
        known.delete(id);
        start += 1;
      }
      if (start < ids.length / 2) return;
      ids = ids.slice(start);
      times = times.slice(start);
      start = 0;
    },
    toArrays: () => ({ ids: ids.slice(start), atMicros: times.slice(start) }),
  };
}
