import type { InboxState } from '../inbox/inbox-state.ts';
import { isRecord } from '../record.ts';
import type { ActivityRow } from './row.ts';

/** The conversation of what the platform itself says: no file of the user's belongs to it. */
export const PLATFORM = 'platform';

/**
 * Whether the platform itself sent this row (§15.15). It looks like the canvas user's; told apart by both marks, of which
 * the second lies where the server alone writes: what a user or a peer puts into a message can never bear it.
 */
export function isFromPlatform(row: ActivityRow): boolean {
  if (row.sourceId !== null || row.activityType !== 'a2a_receive' || row.method !== 'message/send')
    return false;
  const params = recordIn(row.requestBody, 'params');
  const said = recordIn(recordIn(params, 'message'), 'metadata');
  const marked = recordIn(params, 'metadata');
  return (
    said?.source === 'platform' &&
    marked?.source !== 'canvas_user' &&
    typeof marked?.wake_idempotency_key === 'string'
  );
}

/** Whether a notice of the platform still waits, at the barrier or in the inbox. */
export function hasOpenNotice(state: Readonly<Pick<InboxState, 'held' | 'inbox'>>): boolean {
  for (const { message } of state.held.values()) if (message.kind === 'platform_notice') return true;
  for (const { message } of state.inbox.values()) if (message.kind === 'platform_notice') return true;
  return false;
}

function recordIn(value: unknown, key: string): Readonly<Record<string, unknown>> | null {
  const inner = isRecord(value) ? value[key] : undefined;
  return isRecord(inner) ? inner : null;
}
