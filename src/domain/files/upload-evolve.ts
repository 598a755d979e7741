import type { EventData, StoredEvent } from '../events.ts';
import type { InboxState } from '../inbox/inbox-state.ts';
import { isUnshown, PLATFORM_KEEPS_MS, type Upload } from './upload.ts';

/** The events about files. */
export type UploadEvent = Extract<StoredEvent, { type: `upload.${string}` }>;

/** Folds one event about a file into the state. */
export function evolveUpload(state: InboxState, event: UploadEvent): void {
  const atMs = Date.parse(event.at);
  switch (event.type) {
    case 'upload.announced':
      announce(state, event.data, atMs);
      break;
    case 'upload.sending':
      forgetSendingsBefore(state, atMs - PLATFORM_KEEPS_MS);
      state.sendings.set(event.data.sendingId, { files: event.data.files, atMs });
      break;
    case 'upload.created':
      own(state, event.data.fileId, atMs);
      break;
    case 'upload.sent':
      clearSuspicion(state, event.data.sendingId);
      break;
    default: {
      const upload = state.uploads.get(event.data.fileId);
      if (upload) evolveOne(state, upload, event);
    }
  }
}

function evolveOne(
  state: InboxState,
  upload: Upload,
  event: Exclude<UploadEvent, { type: `upload.${'announced' | 'sending' | 'created' | 'sent'}` }>,
): void {
  switch (event.type) {
    case 'upload.staged': {
      const { path, bytes, mimeType } = event.data;
      upload.outcome = { status: 'staged', path, bytes, mimeType };
      break;
    }
    case 'upload.acknowledged':
      upload.acknowledged = true;
      break;
    case 'upload.failed':
      upload.outcome = { status: 'failed', reason: event.data.reason };
      upload.attempts = event.data.attempts;
      upload.retryAtMs = event.data.retryAtMs;
      break;
    case 'upload.expired':
      upload.outcome = { status: 'expired', reason: event.data.reason };
      break;
    case 'upload.tooLarge':
      upload.outcome = { status: 'too_large', reason: event.data.reason };
      break;
    case 'upload.lost':
      upload.outcome = { status: 'pending', reason: 'its copy here is gone; it is being fetched again' };
      upload.attempts = 0;
      upload.retryAtMs = 0;
      break;
    case 'upload.deleted':
      state.uploads.delete(upload.fileId);
      state.unshownUploads.delete(upload.fileId);
  }
}

function announce(state: InboxState, data: EventData<'upload.announced'>, atMs: number): void {
  const { row, sendingId = null, ...file } = data;
  if (row) state.seen.add(row.id, row.atMicros);
  const upload: Upload = {
    ...file,
    row,
    sendingId,
    announcedAtMs: atMs,
    outcome: { status: 'pending', reason: 'still being fetched' },
    attempts: 0,
    retryAtMs: 0,
    acknowledged: false,
    shownBy: null,
    missedBy: null,
  };
  state.uploads.set(file.fileId, upload);
  if (isUnshown(upload)) state.unshownUploads.add(file.fileId);
}

/** Found to be the agent's own. A copy that is here already stays known, under suspicion for good, so that it goes with age. */
function own(state: InboxState, fileId: string, atMs: number): void {
  state.ownUploads.set(fileId, atMs);
  state.unshownUploads.delete(fileId);
  const upload = state.uploads.get(fileId);
  if (upload?.outcome.status === 'staged') upload.sendingId = SURELY_OWN;
  else state.uploads.delete(fileId);
}

/** What looked like the agent's own and was not among the ids that it got is the user's after all. */
function clearSuspicion(state: InboxState, sendingId: string): void {
  state.sendings.delete(sendingId);
  for (const upload of state.uploads.values()) {
    if (upload.sendingId !== sendingId) continue;
    upload.sendingId = null;
    if (isUnshown(upload)) state.unshownUploads.add(upload.fileId);
  }
}

/** The platform keeps no file for longer (§7.5), so no further row can be about them. */
function forgetSendingsBefore(state: InboxState, atMs: number): void {
  for (const [sendingId, sending] of state.sendings)
    if (sending.atMs < atMs) state.sendings.delete(sendingId);
}

/** No sending has this id: none clears it. */
const SURELY_OWN = 'own';
