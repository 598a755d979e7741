import type { StoredEvent } from '../../domain/events.ts';
import type { InboxState } from '../../domain/inbox/inbox-state.ts';

/**
 * The messages that look different after a durable event, or are there or gone by it; null when none is. A file that
 * comes late changes every message that shows it.
 */
export function changedMessages(event: StoredEvent, state: Readonly<InboxState>): readonly string[] | null {
  switch (event.type) {
    case 'message.released':
    case 'message.popped':
      return [event.data.activityId];
    case 'upload.staged':
    case 'upload.failed':
    case 'upload.expired':
    case 'upload.tooLarge':
    case 'upload.lost':
    case 'upload.deleted':
    case 'upload.created':
      return showing(event.data.fileId, state);
    default:
      return null;
  }
}

function showing(fileId: string, { inbox }: Readonly<InboxState>): readonly string[] | null {
  const ids: string[] = [];
  for (const [id, { files }] of inbox) if (files.some((file) => file.fileId === fileId)) ids.push(id);
  return ids.length === 0 ? null : ids;
}
