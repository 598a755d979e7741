import { isObject } from './go-json.ts';

/** What a chat shows of a message: its text and its files. */
export interface MessageContent {
  readonly content: string;
  readonly attachments?: readonly Record<string, unknown>[];
}

/** Reads text and files out of an envelope or of a `notify` row's body. */
export function messageContent(body: unknown): MessageContent {
  const parts = partsOf(body);
  const texts = parts.flatMap((part) => (typeof part.text === 'string' ? [part.text] : []));
  const files = parts.flatMap((part) => (isObject(part.file) ? [attachmentOf(part.file)] : []));
  const result = isObject(body) && typeof body.result === 'string' ? [body.result] : [];
  return {
    content: [...result, ...texts].join('\n'),
    ...(files.length > 0 && { attachments: files }),
  };
}

/** The parts of a message, wherever the body has them. */
export function partsOf(body: unknown): Record<string, unknown>[] {
  if (!isObject(body)) return [];
  const params = isObject(body.params) ? body.params : {};
  const message = isObject(params.message) ? params.message : body;
  return Array.isArray(message.parts) ? message.parts.filter(isObject) : [];
}

function attachmentOf(file: Record<string, unknown>): Record<string, unknown> {
  const { name, uri, mimeType, size } = file;
  return {
    name,
    uri,
    ...(mimeType !== undefined && { mimeType }),
    ...(size !== undefined && { size }),
  };
}
