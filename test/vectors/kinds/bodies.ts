import * as z from 'zod';
import { sanitiseFileName } from '../../../src/domain/files/file-name.ts';
import { rewriteUris } from '../../../src/domain/files/rewrite-uris.ts';
import { isRecord } from '../../../src/domain/record.ts';
import { partLists } from '../../../src/domain/wire/parts.ts';
import { EMPTY_MESSAGE, extractText } from '../../../src/domain/wire/text.ts';
import { vectorKind } from '../kind.ts';

/** The words of a body and summary. */
export const extractTextKind = vectorKind({
  input: z.object({ request_body: z.unknown(), summary: z.unknown() }),
  answer: ({ request_body, summary }) => extractText(request_body, summary),
  differences: [
    {
      reason: 'a text part whose text is no text is passed over instead of blocking the inbox (W-2)',
      applies: ({ request_body }) => reachesMalformedText(request_body),
      promises: (answer) => answer !== '',
    },
    {
      reason: 'a summary that is no text counts as absent: a message always is text',
      applies: ({ summary }) => typeof summary !== 'string' && Boolean(summary),
      promises: (answer) => answer === EMPTY_MESSAGE,
    },
  ],
});

/** A body with its pending URIs replaced. */
export const rewriteKind = vectorKind({
  input: z.object({ request_body: z.unknown(), cache: z.record(z.string(), z.string()) }),
  answer: ({ request_body, cache }) => {
    const known = new Map(Object.entries(cache));
    return rewriteUris(request_body, (uri) => known.get(uri));
  },
});

/** A file name made safe. */
export const sanitiseFileNameKind = vectorKind({ input: z.string(), answer: sanitiseFileName });

/** Whether the reference meets a text part with something else than text before it has found any text. */
function reachesMalformedText(body: unknown): boolean {
  for (const parts of partLists(body)) {
    const texts = parts
      .filter((part) => isRecord(part) && (part.kind === 'text' || part.type === 'text'))
      .map((part) => (isRecord(part) && 'text' in part ? part.text : ''));
    if (texts.some((text) => typeof text !== 'string')) return true;
    if (texts.some((text) => text !== '')) return false;
  }
  return false;
}
