import { isRecord } from '../../domain/record.ts';
import type { Row } from './platform.ts';

/** What one row says in the chat. */
export interface Said {
  readonly id: string;
  readonly who: 'user' | 'agent' | 'peer';
  /** A peer's workspace id; empty for the others. */
  readonly peerId: string;
  readonly at: string;
  readonly text: string;
  readonly files: readonly { readonly name: string; readonly uri: string }[];
}

/** Reads a row for the chat: the user's messages, the agent's answers (§5.2), peers; null for what is none of them. */
export function readSaid(row: Row): Said | null {
  const { id, method, source_id: source, created_at: at, request_body: asked, response_body: answered } = row;
  if (method === 'chat_upload_receive') return null;
  const isAnswer = method === 'notify' && source === null;
  const message = isRecord(asked) && isRecord(asked.params) ? asked.params.message : null;
  const parts = isAnswer ? listIn(answered, 'parts') : listIn(message, 'parts');
  const texts = parts.flatMap((part) => (typeof part.text === 'string' ? [part.text] : []));
  const result = isRecord(answered) && typeof answered.result === 'string' ? answered.result : null;
  if (!isAnswer && message === null) return null;
  return {
    id: String(id),
    who: isAnswer ? 'agent' : typeof source === 'string' ? 'peer' : 'user',
    peerId: typeof source === 'string' ? source : '',
    at: String(at),
    text: isAnswer ? (result ?? texts.join('\n')) : texts.join('\n'),
    files: parts.flatMap((part) => {
      const file = isRecord(part.file) ? part.file : null;
      return file && typeof file.uri === 'string'
        ? [{ name: String(file.name ?? 'file'), uri: file.uri }]
        : [];
    }),
  };
}

function listIn(value: unknown, key: string): readonly Readonly<Record<string, unknown>>[] {
  const list = isRecord(value) ? value[key] : null;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}
