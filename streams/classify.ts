import { map, type Observable } from 'rxjs';
import type { Classified } from '../src/domain/wire/classify.ts';
import { readRow } from '../src/domain/wire/row.ts';

/** What classifying needs of its surroundings. */
export interface ClassifyDeps {
  /** The pure rule for one element of the feed, as served. */
  readonly classify: (raw: unknown) => Classified;
}

/**
 * Says of every row of every page what it is to this agent, in order. Each row is on its own: one that makes the rule
 * throw becomes `unreadable` with the reason, and its neighbours pass (W-2, W-23, W-24).
 */
export function classify(
  pages: Observable<readonly unknown[]>,
  deps: ClassifyDeps,
): Observable<readonly Classified[]> {
  return pages.pipe(map((rows) => rows.map((raw) => classifyAlone(raw, deps))));
}

function classifyAlone(raw: unknown, deps: ClassifyDeps): Classified {
  try {
    return deps.classify(raw);
  } catch (error) {
    return { kind: 'unreadable', ...nameOf(raw), reason: reasonOf(error) };
  }
}

/** The row's id and time as well as they can be told; what cannot even be looked at has neither. */
function nameOf(raw: unknown): { id: string; atMicros: number } {
  try {
    const reading = readRow(raw);
    const { id, atMicros } = reading.ok ? reading.row : reading.unreadable;
    return { id, atMicros };
  } catch {
    return { id: 'unreadable', atMicros: 0 };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
