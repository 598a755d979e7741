import { countUnread, type UnreadRows } from '../../bridge/feed/unread-rows.ts';
import type { InboxState } from '../../domain/inbox/inbox-state.ts';
import type { WorkspacePlatform } from '../../domain/ports/platform.ts';
import { type Attempt, attempt } from '../attempt.ts';

/** Asks what was not read yet; null before the first look. */
export async function askFeed(
  platform: WorkspacePlatform,
  state: InboxState | null,
  nowMs: number,
  signal: AbortSignal,
): Promise<Attempt<UnreadRows> | null> {
  if (!state) return null;
  const asked = await attempt(countUnread(platform, state, nowMs, signal));
  if (!asked.ok) return asked;
  return asked.value === null ? null : { ok: true, value: asked.value };
}
