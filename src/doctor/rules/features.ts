import { isRecord } from '../../domain/record.ts';
import { type Feature, listFeatures } from '../../domain/wire/features.ts';
import { type Finding, ok } from '../finding.ts';

/** What was found out about a server (§15.14): null where its reply did not tell. */
export type ProbedFeatures = ReadonlyMap<Feature, boolean | null>;

/**
 * What the server can do beyond that of May 2026, and what could not be found out. Never a trouble: each feature is used
 * where it is there and done without where it is not. `rows` are some of its feed, which tell of `row_seq`; `generation`
 * shows only in the replies to heartbeats, which doctor does not send, so `inbox_status` alone tells of that.
 */
export function judgeFeatures(probed: ProbedFeatures, rows: readonly unknown[]): Finding {
  const found = new Set([...probed].filter(([, isThere]) => isThere).map(([feature]) => feature));
  if (rows.some((row) => isRecord(row) && typeof row.seq === 'number')) found.add('row_seq');
  const unclear = [...probed].filter(([, isThere]) => isThere === null).map(([feature]) => feature);
  const offers =
    found.size > 0 ? `offers ${listFeatures(found).join(', ')}` : 'as of May 2026, nothing newer';
  return ok(CHECK, unclear.length > 0 ? `${offers}; did not tell of ${unclear.sort().join(', ')}` : offers);
}

const CHECK = 'features';
