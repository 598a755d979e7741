import { filter, from, map, merge, mergeMap, type Observable } from 'rxjs';
import { acknowledgeUploads } from '../../../streams/acknowledge-uploads.ts';
import { fetchUploads } from '../../../streams/fetch-uploads.ts';
import type { Slots } from '../../../streams/slots.ts';
import type { StoredEvent } from '../../domain/events.ts';
import { isWanted, type Upload } from '../../domain/files/upload.ts';
import type { InboxState } from '../../domain/inbox/inbox-state.ts';
import type { WorkspacePlatform } from '../../domain/ports/platform.ts';
import type { Clock } from '../../domain/ports/runtime.ts';
import type { FileStore } from '../../domain/ports/storage.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { fromAbortable } from '../abortable.ts';
import type { Pace } from '../pacing/pace.ts';
import { retryDelays, TRANSFER_RETRIES } from '../pacing/retry-delays.ts';
import { fetchUpload } from './fetch-upload.ts';
import { toAcknowledge } from './to-acknowledge.ts';
import type { UploadLimit } from './upload-limit.ts';

/** What bringing files here takes. */
export interface TransferParts {
  readonly platform: Pick<WorkspacePlatform, 'openUpload' | 'acknowledgeUpload'>;
  readonly files: Pick<FileStore, 'stage'>;
  readonly ledger: Ledger;
  readonly maxBytes: UploadLimit;
  /** This workspace's places for transfers, contents and acknowledgements together. */
  readonly ownSlots: Slots;
  /** The places that all workspaces share. */
  readonly sharedSlots: Slots;
  readonly clock: Clock;
  readonly pace: Pace;
}

/** The transfers of one workspace. */
export interface Transfers {
  /** Cuts every one and starts no other; resolves once none holds a file open or leaves a part of one behind (W-18). */
  close(): Promise<void>;
}

/** Fetches what is wanted and acknowledges what is staged, now, as it comes, and what a restart left. */
export function startTransfers(parts: TransferParts): Transfers {
  const { platform, ledger, ownSlots, sharedSlots, clock, pace } = parts;
  const underWay = new Set<Promise<unknown>>();
  const fetch = (upload: Upload, signal: AbortSignal) => {
    const fetching = fetchUpload(upload, parts, signal).finally(() => underWay.delete(fetching));
    underWay.add(fetching);
    return fetching;
  };
  const retryDelayMs = retryDelays(pace, TRANSFER_RETRIES);
  const { scheduler } = pace;
  const running = fetchUploads(uploadsOf(ledger, MAY_BE_WANTED).pipe(filter(isWanted)), {
    fetch: (upload) => fromAbortable((signal) => fetch(upload, signal)),
    settle: ({ fileId, outcome, retryAtMs }) =>
      ledger.commit({ type: 'settleUpload', fileId, outcome, retryAtMs }),
    withdrawn: filesIn(ledger, ENDS_FETCHING),
    ownSlots,
    sharedSlots,
    retryDelayMs,
    clock,
    scheduler,
  }).subscribe();

  running.add(
    acknowledgeUploads(toAcknowledge(ledger), {
      acknowledge: (fileId) => fromAbortable((signal) => platform.acknowledgeUpload(fileId, signal)),
      settle: (fileId) => ledger.commit({ type: 'noteAcknowledged', fileId }),
      withdrawn: filesIn(ledger, ENDS_ACKNOWLEDGING),
      ownSlots,
      sharedSlots,
      retryDelayMs,
      scheduler,
    }).subscribe(),
  );
  return {
    async close() {
      running.unsubscribe();
      await Promise.all(underWay);
    },
  };
}

/** Every file that the ledger knows now, then those that durable events of these types are about, as they stand by then. */
export function uploadsOf(ledger: Ledger, types: ReadonlySet<StoredEvent['type']>): Observable<Upload> {
  const later$ = ledger.events$.pipe(
    filter(({ type }) => types.has(type)),
    mergeMap((event) => concerned(event, ledger.state)),
  );
  return merge(from([...ledger.state.uploads.values()]), later$);
}

function concerned(event: StoredEvent, state: Readonly<InboxState>): readonly Upload[] {
  if (event.type === 'upload.sent') return [...state.uploads.values()];
  const ids =
    event.type === 'message.received' ? event.data.files.map(({ fileId }) => fileId) : [fileIn(event)];
  return ids.flatMap((fileId) => state.uploads.get(fileId ?? '') ?? []);
}

/** The files that durable events of these types name, as they come. */
function filesIn(ledger: Ledger, types: ReadonlySet<StoredEvent['type']>): Observable<string> {
  return ledger.events$.pipe(
    filter(({ type }) => types.has(type)),
    map(fileIn),
    filter((fileId) => fileId !== null),
  );
}

function fileIn({ data }: StoredEvent): string | null {
  return 'fileId' in data ? data.fileId : null;
}

/** A file is also wanted again when its copy is lost, and only then when a message cites it or a sending ends (W-39). */
const MAY_BE_WANTED = new Set([
  'upload.announced',
  'upload.lost',
  'upload.sent',
  'message.received',
] as const);
const ENDS_FETCHING = new Set(['upload.created', 'upload.deleted'] as const);
const ENDS_ACKNOWLEDGING = new Set(['upload.created', 'upload.lost'] as const);
