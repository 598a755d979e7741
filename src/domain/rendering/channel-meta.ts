import { sanitiseFileName } from '../files/file-name.ts';
import { canonicalPeerId, shownIdentity } from '../identity.ts';
import { isUuid } from '../ids.ts';
import type { Attachment, InboxMessage, MessageKind } from '../message.ts';
import { visibleLine } from './visible.ts';

/** A notification's `meta`: what the host may trust. Keys are `[A-Za-z0-9_]`, values are text. */
export type ChannelMeta = Readonly<Record<string, string>>;

/**
 * The authoritative fields of a message (reference-behaviour.md §2.9). The first six keys are always there; a field that does
 * not have its exact form is empty rather than passed on (W-58). The rest appears only when it says something.
 * `platformUrl` is the normalised base URL of the workspace at which the message arrived.
 */
export function channelMeta(message: InboxMessage, platformUrl: string): ChannelMeta {
  const peerId = canonicalPeerId(message.peer_id);
  const peerName = peerId && shownIdentity(message.peer_name);
  const peerRole = peerId && shownIdentity(message.peer_role);
  return {
    source: 'molecule',
    kind: oneOf(KINDS, message.kind),
    peer_id: peerId ?? '',
    method: oneOf(METHODS, message.method),
    activity_id: isUuid(message.activity_id) ? message.activity_id : '',
    ts: typeof message.created_at === 'string' && TIME.test(message.created_at) ? message.created_at : '',
    ...(peerName ? { peer_name: peerName } : {}),
    ...(peerRole ? { peer_role: peerRole } : {}),
    ...(peerId ? { agent_card_url: `${platformUrl}/registry/discover/${peerId}` } : {}),
    ...uuidField('arrival_workspace_id', message.arrival_workspace_id),
    ...uuidField('delegation_id', message.delegation_id),
    ...(message.error_detail === undefined ? {} : { failed: 'true' }),
    ...(message.truncated ? { truncated: 'true' } : {}),
    ...(message.request_kind === undefined ? {} : { request_kind: oneOf(REQUESTS, message.request_kind) }),
    ...(message.redelivered ? { redelivered: 'true' } : {}),
    ...attachmentFields(message.attachments ?? []),
  };
}

function oneOf(allowed: ReadonlySet<string>, value: unknown): string {
  return typeof value === 'string' && allowed.has(value) ? value : '';
}

function uuidField(key: string, value: string | undefined): ChannelMeta {
  return isUuid(value) ? { [key]: value } : {};
}

/** The first files one by one, so that a host can pass their paths on as they are; the content lists them all. */
function attachmentFields(attachments: readonly Attachment[]): ChannelMeta {
  if (attachments.length === 0) return {};
  const fields = attachments.slice(0, MAX_LISTED).flatMap((attachment, index) => {
    const { name, status, path, reason } = attachment;
    const key = `attachment_${index + 1}`;
    return [
      [`${key}_name`, sanitiseFileName(name)],
      [`${key}_status`, status],
      ...(path === undefined ? [] : [[`${key}_path`, visibleLine(path, MAX_PATH_CHARS)]]),
      ...(reason === undefined ? [] : [[`${key}_reason`, visibleLine(reason).replace(QUOTES, "'")]]),
    ];
  });
  return { attachment_count: String(attachments.length), ...Object.fromEntries(fields) };
}

const KINDS: ReadonlySet<string> = new Set<MessageKind>([
  'canvas_user',
  'peer_agent',
  'delegation_result',
  'upload_notice',
  'platform_notice',
  'broadcast',
  'request',
]);
const REQUESTS: ReadonlySet<string> = new Set(['task', 'approval']);
const METHODS: ReadonlySet<string> = new Set(['message/send', 'tasks/send', 'tasks/get', 'notify']);
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
/** Hosts put `meta` into a tag's attributes. */
const QUOTES = /["<>]/g;
const MAX_LISTED = 16;
const MAX_PATH_CHARS = 4096;
