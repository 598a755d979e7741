import { isRecord } from '../record.ts';

/**
 * The lists of parts that a message body may carry, in the order in which senders' spellings are tried:
 * `params.message.parts`, `params.parts`, `parts` (§6.4). Total: whatever is not a list is not there.
 */
export function partLists(body: unknown): readonly (readonly unknown[])[] {
  if (!isRecord(body)) return [];
  const params = isRecord(body.params) ? body.params : {};
  const message = isRecord(params.message) ? params.message : {};
  return [message.parts, params.parts, body.parts].filter((list) => Array.isArray(list));
}
