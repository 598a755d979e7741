import type { InboxMessage } from '../domain/message.ts';
import { visibleLine } from '../domain/rendering/visible.ts';
import { digestOf, inboxOf } from './digest.ts';
import type { Run } from './run.ts';
import { tellTimeline } from './timeline.ts';

/** What a run came to, in words: its title, its timeline, the inbox at the end, the digest. */
export interface RunReport {
  readonly title: string;
  readonly timeline: readonly { readonly at: string; readonly text: string }[];
  readonly ending: readonly string[];
}

/** Tells a run; `name` is what the user called its file. */
export function reportRun(name: string, run: Run): RunReport {
  const { inbox, held, uploads, counts } = run.state;
  const messages = inboxOf(run);
  return {
    title: `${visibleLine(name)}${run.workspaceId === '' ? '' : ` · workspace ${visibleLine(run.workspaceId)}`}`,
    timeline: tellTimeline(run.frames),
    ending: [
      `inbox: ${inbox.size} waiting, ${held.size} held, ${counts.popped} popped, ${uploads.size} files, ` +
        `${counts.skipped} rows skipped, ${counts.unreadable} unreadable`,
      ...messages.map(tellMessage),
      `digest: sha256 ${digestOf(run)}`,
    ],
  };
}

function tellMessage(message: InboxMessage, index: number): string {
  const from = message.peer_id === '' ? message.kind : `${message.kind} ${message.peer_id.slice(0, 8)}`;
  const files = (message.attachments ?? []).map(({ name, status }) => `${name} ${status}`).join(', ');
  const shown = `${message.created_at} ${from}: ${message.text}${files === '' ? '' : ` [${files}]`}`;
  return `  ${String(index + 1).padStart(3)}. ${visibleLine(shown)}`;
}
