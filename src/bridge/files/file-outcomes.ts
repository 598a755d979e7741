import { AsyncSubject, concatMap, defer, type Observable, of, type Subscription } from 'rxjs';
import { isSettled, type UploadOutcome } from '../../domain/files/upload.ts';
import type { Ledger } from '../../ledger/ledger.ts';

/** What the barrier asks about files: one shared outcome per file, however many messages wait for it. */
export interface FileOutcomes {
  /** Emits once, when the file's outcome is durable and can no longer change, and completes. Never errors. */
  of(fileId: string): Observable<UploadOutcome>;
  /** How the file stands now. */
  now(fileId: string): UploadOutcome;
  /** Stops to follow the ledger. */
  readonly subscription: Subscription;
}

/** Follows a ledger's upload events. `check` makes sure that what counts as staged still is on disk; it never rejects. */
export function createFileOutcomes(ledger: Ledger, check: (fileId: string) => Promise<void>): FileOutcomes {
  const waited = new Map<string, AsyncSubject<UploadOutcome>>();

  function now(fileId: string): UploadOutcome {
    if (ledger.state.ownUploads.has(fileId)) return OWN;
    return ledger.state.uploads.get(fileId)?.outcome ?? UNKNOWN;
  }

  const subscription = ledger.events$.subscribe((event) => {
    if (!event.type.startsWith('upload.') || !('fileId' in event.data)) return;
    const { fileId } = event.data;
    const waiting = waited.get(fileId);
    const outcome = now(fileId);
    if (!waiting || !isFinal(outcome)) return;
    waited.delete(fileId);
    waiting.next(outcome);
    waiting.complete();
  });

  function settled(fileId: string): Observable<UploadOutcome> {
    const outcome = now(fileId);
    if (isFinal(outcome)) return of(outcome);
    const waiting = waited.get(fileId) ?? new AsyncSubject<UploadOutcome>();
    waited.set(fileId, waiting);
    return waiting;
  }

  return {
    of: (fileId) => defer(() => check(fileId)).pipe(concatMap(() => settled(fileId))),
    now,
    subscription,
  };
}

function isFinal(outcome: UploadOutcome): boolean {
  return isSettled(outcome) || outcome === OWN || outcome === UNKNOWN;
}

const OWN: UploadOutcome = { status: 'failed', reason: 'it is a file that you sent yourself' };
const UNKNOWN: UploadOutcome = { status: 'failed', reason: 'it is not a file of this workspace' };
