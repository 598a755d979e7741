import { toAttachment, type UploadOutcome } from '../files/upload.ts';
import type { Attachment, InboxMessage } from '../message.ts';
import type { InboxState, WaitingMessage } from './inbox-state.ts';

/**
 * The one object that push, peek, wait and `messages$` show for a waiting message: what was received, plus where it
 * arrived (with several workspaces), its files as they stand by now, and whether it was offered in an earlier session.
 */
export function presentMessage(
  waiting: WaitingMessage,
  state: Readonly<InboxState>,
  arrivalWorkspaceId: string | null,
): InboxMessage {
  const attachments = presentFiles(waiting, state);
  return {
    ...waiting.message,
    ...(arrivalWorkspaceId === null ? {} : { arrival_workspace_id: arrivalWorkspaceId }),
    ...(attachments.length > 0 ? { attachments } : {}),
    ...(waiting.offeredIn.some((session) => session < state.session) ? { redelivered: true as const } : {}),
  };
}

function presentFiles(waiting: WaitingMessage, state: Readonly<InboxState>): Attachment[] {
  return (
    waiting.files
      .map((file, index) => ({ file, outcome: currentOutcome(waiting.outcomes[index], file.fileId, state) }))
      // The agent's own upload, taken for the user's until its id was known.
      .filter(({ file }) => file.cited || file.fileId === null || !state.ownUploads.has(file.fileId))
      .map(({ file, outcome }) => toAttachment(file, outcome))
  );
}

/** A file told as pending or failed may have come since; what was staged may have been deleted with age. */
function currentOutcome(
  told: UploadOutcome | undefined,
  fileId: string | null,
  state: Readonly<InboxState>,
): UploadOutcome {
  const now = fileId === null ? undefined : state.uploads.get(fileId)?.outcome;
  return now ?? told ?? { status: 'failed', reason: 'not known to this bridge' };
}
