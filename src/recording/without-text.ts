import { createHmac, randomBytes } from 'node:crypto';
import { sanitiseFileName } from '../domain/files/file-name.ts';
import { shownIdentity } from '../domain/identity.ts';
import type { Frame } from '../domain/inbox/frame.ts';
import { isRecord } from '../domain/record.ts';
import { isPlain, ROW_KEYS } from './plain-words.ts';

/**
 * Makes frames into the same frames without what anybody wrote. Only ids, times, numbers and words of the protocol stay:
 * message text becomes as many `x`, names, paths and addresses become digests of their length, under a key of this one
 * recording. So what was equal stays equal, and a replay comes to the same inbox.
 */
export function createTextRemover(key: Buffer = randomBytes(32)): (frame: Frame) => Frame {
  /** Equal strings, whatever their case, have one digest; it is a good file name and a good name for a peer. */
  function digest(value: string): string {
    if (isPlain(value)) return value;
    const hex = createHmac('sha256', key).update(value.toLowerCase()).digest('hex');
    return hex
      .repeat(Math.ceil(value.length / hex.length))
      .slice(0, Math.max(value.length, MIN_DIGEST_CHARS));
  }

  function mediaType(value: string): string {
    if (MEDIA_TYPES.has(value)) return value;
    return value.includes('/') ? `application/x-${digest(value)}` : digest(value);
  }

  /** The row tells a broadcast's sender and text in one line (§15.8). */
  function summary(value: string, peerName: unknown): string {
    const lead = 'Broadcast from ';
    const named = typeof peerName === 'string' ? `${lead}${peerName}: ` : null;
    if (named !== null && value.startsWith(named))
      return `${lead}${nameOf(peerName as string)}: ${masked(value.slice(named.length))}`;
    const [, sender, text] = /^Broadcast from (.*?): (.*)$/s.exec(value) ?? [];
    return sender === undefined || text === undefined
      ? masked(value)
      : `${lead}${nameOf(sender)}: ${masked(text)}`;
  }

  function nameOf(value: string): string {
    return digest(shownIdentity(value) ?? '');
  }

  function string(value: string, field: string): string {
    if (TEXTS.has(field)) return isQueuedEnvelope(value) ? QUEUED_ENVELOPE : masked(value);
    if (field === 'name') return digest(sanitiseFileName(value));
    if (field === 'peer_name' || field === 'peer_role') return nameOf(value);
    if (field === 'mimeType' || field === 'mime_type') return mediaType(value);
    return digest(value);
  }

  /** `keys`: those that stay; null where all are this program's own. */
  function walk(value: unknown, field: string, keys: ReadonlySet<string> | null): unknown {
    if (typeof value === 'string') return string(value, field);
    if (Array.isArray(value)) return value.map((item) => walk(item, field, keys));
    if (!isRecord(value)) return value;
    const entries = Object.entries(value).filter(([name]) => keys === null || keys.has(name));
    return Object.fromEntries(entries.map(([name, inner]) => [name, walk(inner, name, keys)]));
  }

  function row(raw: unknown): unknown {
    if (!isRecord(raw)) return walk(raw, '', ROW_KEYS);
    const { request_body, response_body, summary: told } = raw;
    return {
      ...(walk(raw, '', ROW_KEYS) as object),
      ...(typeof told === 'string' ? { summary: summary(told, raw.peer_name) } : {}),
      ...(typeof request_body === 'string'
        ? { request_body: walk(decoded(request_body), '', ROW_KEYS) }
        : {}),
      ...(typeof response_body === 'string'
        ? { response_body: walk(decoded(response_body), '', ROW_KEYS) }
        : {}),
    };
  }

  return (frame) => {
    switch (frame.type) {
      case 'row.served':
        return { ...frame, data: { row: row(frame.data.row) } };
      case 'event.appended': {
        const { event } = frame.data;
        const data = walk(event.data, '', null);
        return { ...frame, data: { event: { ...event, data } as typeof event } };
      }
      case 'ledger.opened':
        return { ...frame, data: walk(frame.data, '', null) as typeof frame.data };
      default:
        return frame;
    }
  };
}

/** As long as the text, line by line, so that parts that are joined give what the whole gives. */
function masked(text: string): string {
  return isPlain(text) ? text : text.replace(/[^\n…]/g, 'x');
}

/** A body as a string counts as what it holds (C1-30); masked whole it would be no body any more. */
function decoded(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** A result that is none (§8.1) is told by its text. */
function isQueuedEnvelope(text: string): boolean {
  const value = text.startsWith('{') ? decoded(text) : null;
  return isRecord(value) && value.status === 'queued' && value.delivery_mode === 'poll';
}

const QUEUED_ENVELOPE = '{"status":"queued","delivery_mode":"poll"}';
const MIN_DIGEST_CHARS = 12;
const TEXTS: ReadonlySet<string> = new Set([
  'text',
  'summary',
  'error_detail',
  'reason',
  'result',
  'message',
]);
const MEDIA_TYPES: ReadonlySet<string> = new Set([
  ...['', 'text/plain', 'text/markdown', 'text/csv', 'text/html', 'application/json', 'application/pdf'],
  ...['application/zip', 'application/octet-stream', 'image/png', 'image/jpeg', 'image/gif', 'image/webp'],
  ...['image/svg+xml', 'audio/mpeg', 'video/mp4'],
]);
