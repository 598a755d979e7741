import { isRecord } from '../record.ts';
import { partLists } from './parts.ts';

/** What a message without any text says. */
export const EMPTY_MESSAGE = '(empty A2A message)';

/**
 * The words of a row: the text parts of the first list that has any, joined with nothing between them, else the
 * summary, else {@link EMPTY_MESSAGE} (C1-30). Total and byte for byte: a malformed part is passed over (W-2), nothing
 * is trimmed, escaped or normalised; escaping belongs to rendering.
 */
export function extractText(body: unknown, summary: unknown): string {
  for (const parts of partLists(body)) {
    const text = parts.map(textOf).join('');
    if (text !== '') return text;
  }
  return typeof summary === 'string' && summary !== '' ? summary : EMPTY_MESSAGE;
}

/** The text of a text part, in either spelling of its kind; empty for anything else. */
function textOf(part: unknown): string {
  if (!isRecord(part) || (part.kind !== 'text' && part.type !== 'text')) return '';
  return typeof part.text === 'string' ? part.text : '';
}
