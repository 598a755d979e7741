import type { FeedPoint } from '../events.ts';
import { PLATFORM_KEEPS_MS } from '../files/upload.ts';
import type { InboxState } from './inbox-state.ts';

/** An announced file as far as it can be compared with what the agent sends. */
interface Look {
  readonly name: string;
  readonly size: number | null;
}

/**
 * Tells which unfinished sending of the agent an announced file may belong to: same sanitised name and size, no later than
 * the platform keeps it, and not more of them than were sent. An own upload comes back as a row that nothing marks as own
 * (§7.6), perhaps before the reply has named its id, perhaps after a crash that lost the reply. Remembers what it was asked.
 */
export function suspectOwn(state: Readonly<InboxState>): (file: Look, row: FeedPoint) => string | null {
  const taken = new Map<string, number>();
  const keyOf = (sendingId: string, { name, size }: Look) => JSON.stringify([sendingId, name, size]);
  const take = (sendingId: string, file: Look) => {
    const key = keyOf(sendingId, file);
    taken.set(key, (taken.get(key) ?? 0) + 1);
  };
  for (const upload of state.sendings.size > 0 ? state.uploads.values() : [])
    if (upload.sendingId !== null) take(upload.sendingId, upload);

  return (file, row) => {
    for (const [sendingId, { files, atMs }] of state.sendings) {
      if (row.atMicros / 1000 > atMs + PLATFORM_KEEPS_MS) continue;
      const alike = files.filter(({ name, size }) => name === file.name && size === file.size).length;
      if (alike <= (taken.get(keyOf(sendingId, file)) ?? 0)) continue;
      take(sendingId, file);
      return sendingId;
    }
    return null;
  };
}
