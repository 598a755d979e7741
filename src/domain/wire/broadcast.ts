import { identityField } from '../identity.ts';
import { isRecord } from '../record.ts';
import type { ActivityRow } from './row.ts';

/** The whole of a broadcast, from the event that is raised beside its rows (§15.8). */
export interface BroadcastText {
  readonly senderId: string;
  readonly sender: string;
  readonly text: string;
}

/** What a recipient's row says of a broadcast. */
export interface BroadcastRow {
  /** What stands before the text, `Broadcast from <name>: `; empty when there is no such beginning. */
  readonly lead: string;
  /** The whole text, or as much of it as the row holds. */
  readonly text: string;
  /** Whether the row holds only a part: the text then ends with `…`. */
  readonly cut: boolean;
}

/** Whether a row is a broadcast that was received. */
export function isBroadcast(row: ActivityRow): boolean {
  return row.activityType === 'broadcast_receive' && row.sourceId !== null;
}

/** Reads the row's summary, `Broadcast from <name>: <at most 120 characters>`; the name may hold anything. */
export function readBroadcastRow(row: Pick<ActivityRow, 'summary' | 'peerName'>): BroadcastRow {
  const summary = row.summary ?? '';
  const named = row.peerName === null ? null : leadOf(row.peerName);
  const lead =
    named !== null && summary.startsWith(named) ? named : (/^Broadcast from .*?: /s.exec(summary)?.[0] ?? '');
  const text = summary.slice(lead.length);
  return { lead, text, cut: text.endsWith('…') && [...text].length > PREVIEW_CHARS };
}

/** Reads the data of a `BROADCAST_MESSAGE` event; null when it is not one's. */
export function readBroadcastEvent(data: unknown): BroadcastText | null {
  if (!isRecord(data)) return null;
  const { message, sender_id: senderId, sender } = data;
  if (typeof message !== 'string' || typeof senderId !== 'string') return null;
  return {
    senderId: senderId.toLowerCase(),
    sender: typeof sender === 'string' ? sender : '',
    text: message,
  };
}

/** Whether an event tells the whole text of a row. */
export function belongsTo(event: BroadcastText, row: ActivityRow): boolean {
  if (event.senderId !== row.sourceId?.toLowerCase()) return false;
  const preview = [...event.text].slice(0, PREVIEW_CHARS).join('');
  const lead = leadOf(event.sender);
  return row.summary === `${lead}${preview}` || row.summary === `${lead}${preview}…`;
}

/** The sender's name as it may be shown; null when nothing of it can be. */
export function broadcasterOf(event: BroadcastText | null, row: ActivityRow): string | null {
  return identityField(row.peerName) ?? identityField(event?.sender);
}

/** How the summary of a broadcast's row begins. */
export function leadOf(name: string): string {
  return `Broadcast from ${name}: `;
}

const PREVIEW_CHARS = 120;
