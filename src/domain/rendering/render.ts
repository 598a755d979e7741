import { sanitiseFileName } from '../files/file-name.ts';
import type { Attachment, InboxMessage } from '../message.ts';
import { type ChannelMeta, channelMeta } from './channel-meta.ts';
import { ATTACHMENT_MARK, ERROR_MARK, frameLine, frameText, HINT_MARK } from './frame-text.ts';

/** The notification by which an arrival reaches a host that shows channels. */
export const CHANNEL_METHOD = 'notifications/claude/channel';

/** The params of a {@link CHANNEL_METHOD} notification. */
export interface ChannelNotification {
  readonly content: string;
  readonly meta: ChannelMeta;
}

/**
 * A message as a channel shows it: who speaks, the words, the files, how to answer (reference-behaviour.md §2.9). What strangers
 * wrote cannot pass for any of the lines that are ours (W-56); `meta` says the same in fields that no text can reach.
 * With several workspaces the hint names the one to answer from (W-9).
 */
export function renderChannel(message: InboxMessage, platformUrl: string): ChannelNotification {
  const meta = channelMeta(message, platformUrl);
  const here = quoted(meta.arrival_workspace_id);
  const hints = {
    user: `send_message_to_user({message: "..."${here && `, workspace_id: ${here}`}})`,
    peer: `delegate_task({workspace_id: "${meta.peer_id}", task: "..."${here && `, source_workspace_id: ${here}`}})`,
    requester: respondHint(meta),
    nobody: '',
  };
  const hint = hints[audienceOf(meta)];
  return { content: compose(message, meta, [], hint && `${HINT_MARK} Reply: ${hint}`), meta };
}

/**
 * A message as a tool's text shows it, where no `meta` stands beside: the header also says the activity id and the time, and
 * the hint answers and takes the message out of the inbox in one call (`reply_to`), or just takes it out.
 */
export function renderForReading(message: InboxMessage): string {
  const meta = channelMeta(message, '');
  const id = quoted(meta.activity_id);
  const hints = {
    user: `${HINT_MARK} Reply: send_message_to_user({message: "...", reply_to: ${id}})`,
    peer: `${HINT_MARK} Reply: delegate_task({workspace_id: "${meta.peer_id}", task: "...", reply_to: ${id}})`,
    requester: `${HINT_MARK} Answer: ${respondHint(meta)}`,
    nobody: `${HINT_MARK} When done: inbox_pop({activity_id: ${id}})`,
  };
  const notes = [
    field('activity_id', meta.activity_id),
    field('ts', meta.ts),
    field('arrival_workspace_id', meta.arrival_workspace_id),
  ];
  return compose(message, meta, notes, id && hints[audienceOf(meta)]);
}

/** Header, words, files, hint: one below the other, without those that have nothing to say. */
function compose(message: InboxMessage, meta: ChannelMeta, notes: readonly string[], hint: string): string {
  return [
    header(meta, notes),
    frameText(message.text),
    errorLine(message),
    ...(message.attachments ?? []).map(attachmentLine),
    hint || null,
  ]
    .filter((line) => line !== null)
    .join('\n');
}

/** Null for a kind that nobody knows: then the words stand alone. */
function header(meta: ChannelMeta, notes: readonly string[]): string | null {
  const speaker = SPEAKERS.get(meta.kind ?? '');
  if (speaker === undefined) return null;
  const facts = [
    speaker(meta),
    ...(meta.failed ? ['failed'] : []),
    ...(meta.truncated ? ['only the beginning is known'] : []),
    ...(meta.redelivered ? ['redelivered'] : []),
    ...notes.filter((note) => note !== ''),
  ];
  return `[from ${facts.join(' · ')}]`;
}

const SPEAKERS = new Map<string, (meta: ChannelMeta) => string>([
  ['canvas_user', () => 'canvas user'],
  ['upload_notice', () => 'canvas user · file notice'],
  ['platform_notice', () => 'the platform · notice'],
  ['peer_agent', (meta) => `${peerTitle(meta)} · peer_id=${meta.peer_id}`],
  ['broadcast', (meta) => `${peerTitle(meta)} · peer_id=${meta.peer_id} · broadcast to everybody`],
  [
    'request',
    (meta) =>
      meta.peer_id ? `${peerTitle(meta)} · peer_id=${meta.peer_id} · request` : 'a person · request',
  ],
  [
    'delegation_result',
    (meta) => ['your delegation', field('delegation_id', meta.delegation_id)].filter(Boolean).join(' · '),
  ],
]);

function peerTitle({ peer_name: name, peer_role: role }: ChannelMeta): string {
  if (!name || RESERVED.test(name)) return 'peer-agent';
  return role ? `${name} (${role})` : name;
}

/** A peer may call itself what it likes, but not what a header calls somebody else. */
const RESERVED = /^(?:canvas user|your delegation|the platform|a person)\b/i;

/** Whom an answer would reach. */
function audienceOf(meta: ChannelMeta): 'user' | 'peer' | 'requester' | 'nobody' {
  if (meta.kind === 'canvas_user' || meta.kind === 'upload_notice') return 'user';
  if (meta.kind === 'request') return 'requester';
  return meta.kind === 'peer_agent' ? 'peer' : 'nobody';
}

/** A request is no chat: it is settled by one of its own answers (§15.10). */
function respondHint({ activity_id: id, request_kind: kind }: ChannelMeta): string {
  const good = kind === 'approval' ? 'approved' : 'done';
  return `respond_to_request({request_id: ${quoted(id)}, answer: "${good}"})`;
}

function attachmentLine(attachment: Attachment): string {
  const facts = [
    sanitiseFileName(attachment.name),
    attachment.status,
    frameLine(attachment.path ?? attachment.reason ?? attachment.uri, MAX_SHOWN_CHARS),
  ];
  return `${ATTACHMENT_MARK} ${facts.join(' · ')}`;
}

/** Why a delegation failed, unless the words say so already. */
function errorLine({ error_detail: detail, text }: InboxMessage): string | null {
  return detail === undefined || detail === text
    ? null
    : `${ERROR_MARK} ${frameLine(detail, MAX_SHOWN_CHARS)}`;
}

function field(name: string, value: string | undefined): string {
  return value ? `${name}=${value}` : '';
}

function quoted(id: string | undefined): string {
  return id ? `"${id}"` : '';
}

const MAX_SHOWN_CHARS = 4096;
