import { isRecord } from '../record.ts';

/** What a peer's reply to a message says (protocol.md §6.5, §6.6, §15.5). */
export type PeerReply =
  /** The peer's own words, all of them. */
  | { readonly kind: 'answered'; readonly text: string }
  /** Taken in, answer to follow. `queueId` when the platform queued it for a busy push peer (§6.7). */
  | { readonly kind: 'accepted'; readonly queueId: string | null }
  /** The peer or the platform refused; `reason` is its own wording. */
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Reads the reply to `POST /workspaces/:peer/a2a`: a JSON-RPC result in whatever shape agents give it (message, task,
 * bare text), an error as object or plain string (W-71), or one of the queued envelopes (W-12). Never throws.
 * The peer's words are never searched for markers: `[A2A_ERROR] …` is a text like any other (W-62).
 */
export function readPeerReply(body: unknown): PeerReply {
  if (typeof body === 'string') return answered(body);
  if (!isRecord(body)) return failed('the reply is in no form that this bridge knows');
  if (body.error) return failed(readError(body.error));
  if (isQueued(body)) return { kind: 'accepted', queueId: textOf(body.queue_id) };
  if ('result' in body) return readResult(body.result);
  if ('parts' in body || 'artifacts' in body) return readResult(body);
  return failed('the reply holds neither a result nor an error');
}

/** Whether a text is a queued envelope that was stored as a delegation's "result" (§8.1): no result at all. */
export function isQueuedText(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) && !('result' in parsed) && isQueued(parsed);
  } catch {
    return false;
  }
}

/** The text of a list of parts, joined as inbound messages are; each file and each piece of data on a line of its own (W-60). */
export function textOfParts(parts: unknown): string {
  const lines: string[] = [];
  let joinsOn = false;
  for (const part of Array.isArray(parts) ? parts.filter(isRecord) : []) {
    if (typeof part.text === 'string' && isTextPart(part)) {
      if (joinsOn) lines.push(`${lines.pop()}${part.text}`);
      else lines.push(part.text);
      joinsOn = true;
    } else if (part.file !== undefined || part.data !== undefined) {
      lines.push(part.file === undefined ? JSON.stringify(part.data) : describeFile(part.file));
      joinsOn = false;
    }
  }
  return lines.join('\n');
}

/** Tells a failure in the server's or the peer's own words: a plain string, or an object with `message` and `code`. */
function readError(error: unknown): string {
  if (typeof error === 'string') return error;
  const message = isRecord(error) ? textOf(error.message) : null;
  if (!isRecord(error) || message === null) return JSON.stringify(error);
  const { code } = error;
  return typeof code === 'number' || typeof code === 'string' ? `${message} (code ${code})` : message;
}

function readResult(result: unknown): PeerReply {
  if (typeof result === 'string') return answered(result);
  if (!isRecord(result)) return answered('');
  if (isQueued(result)) return { kind: 'accepted', queueId: textOf(result.queue_id) };
  const state = isRecord(result.status) ? textOf(result.status.state) : null;
  const text = textOfResult(result);
  if (state !== null && FAILED_STATES.has(state)) return failed(text === '' ? `the task is ${state}` : text);
  if (text === '' && state !== null && OPEN_STATES.has(state)) return { kind: 'accepted', queueId: null };
  return answered(text);
}

/** A message's parts; a task's artifacts and then its status message, each on lines of its own. */
function textOfResult(result: Readonly<Record<string, unknown>>): string {
  const artifacts = Array.isArray(result.artifacts) ? result.artifacts : [];
  const pieces = [
    textOfParts(result.parts),
    partsTextOf(result.message),
    ...artifacts.map(partsTextOf),
    partsTextOf(isRecord(result.status) ? result.status.message : null),
  ].filter((piece) => piece !== '');
  if (pieces.length === 0) return textOf(result.text) ?? '';
  return [...new Set(pieces)].join('\n\n');
}

function partsTextOf(holder: unknown): string {
  return isRecord(holder) ? textOfParts(holder.parts) : '';
}

function isQueued(reply: Readonly<Record<string, unknown>>): boolean {
  return reply.status === 'queued' || reply.queued === true;
}

/** Some agents give a part no discriminator at all. */
function isTextPart(part: Readonly<Record<string, unknown>>): boolean {
  return part.kind === 'text' || part.type === 'text' || (part.kind === undefined && part.type === undefined);
}

function describeFile(raw: unknown): string {
  const file = isRecord(raw) ? raw : {};
  const name = textOf(file.name) ?? 'without a name';
  const uri = textOf(file.uri);
  return uri === null ? `[file: ${name}]` : `[file: ${name}, ${uri}]`;
}

function answered(text: string): PeerReply {
  return { kind: 'answered', text };
}

function failed(reason: string): PeerReply {
  return { kind: 'failed', reason };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** States of an A2A task that end it without an answer, and those in which the answer is yet to come. */
const FAILED_STATES: ReadonlySet<string> = new Set(['failed', 'rejected', 'canceled', 'cancelled']);
const OPEN_STATES: ReadonlySet<string> = new Set(['submitted', 'working']);
