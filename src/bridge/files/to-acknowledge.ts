import { filter, from, merge, mergeMap, type Observable } from 'rxjs';
import type { StoredEvent } from '../../domain/events.ts';
import { isToAcknowledge } from '../../domain/files/upload.ts';
import type { Ledger } from '../../ledger/ledger.ts';

/**
 * The files that the platform may forget, as they come to be so: their staging is on the disk, and they are surely not the
 * agent's own. Never one whose staging only the state knows, which may be ahead of the disk: a crash would leave it
 * acknowledged and unknown (W-37).
 */
export function toAcknowledge(ledger: Ledger): Observable<string> {
  const durable = new Set<string>();
  for (const { fileId, outcome } of ledger.state.uploads.values())
    if (outcome.status === 'staged') durable.add(fileId);
  return merge(from([...durable]), ledger.events$.pipe(mergeMap((event) => concerned(event, durable)))).pipe(
    filter((fileId) => {
      const upload = ledger.state.uploads.get(fileId);
      return upload !== undefined && isToAcknowledge(upload);
    }),
  );
}

/** What a durable event may change; keeps `durable`, the files whose staging is on the disk, up to date. */
function concerned(event: StoredEvent, durable: Set<string>): readonly string[] {
  switch (event.type) {
    case 'upload.staged':
      durable.add(event.data.fileId);
      return [event.data.fileId];
    case 'upload.sent':
      return [...durable];
    case 'upload.acknowledged':
    case 'upload.lost':
    case 'upload.deleted':
      durable.delete(event.data.fileId);
      return [];
    default:
      return [];
  }
}
