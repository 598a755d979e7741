import { isObject, parseJson } from './go-json.ts';

/** A message body made uniform (§6.4), or the body of the 400 that refuses it. */
export type NormalisedEnvelope =
  | { readonly ok: true; readonly method: string; readonly envelope: Record<string, unknown> }
  | { readonly ok: false; readonly refusal: Record<string, unknown> };

const refuse = (error: string, hint?: string): NormalisedEnvelope => ({
  ok: false,
  refusal: hint === undefined ? { error } : { error, hint },
});

/**
 * Makes an A2A body uniform (§6.4): wraps what is not JSON-RPC, gives the message an id, turns `content` into `parts`.
 * Bodies without a message object pass untouched.
 *
 * @param text the body, already cut to the profile's limit.
 * @param newId gives fresh UUIDs.
 */
export function normaliseEnvelope(text: string, newId: () => string): NormalisedEnvelope {
  const body = parseJson(text);
  if (!isObject(body)) return refuse('invalid JSON');
  const envelope: Record<string, unknown> =
    'jsonrpc' in body
      ? { ...body }
      : { jsonrpc: '2.0', id: newId(), method: body.method ?? null, params: body.params ?? null };
  const method = typeof envelope.method === 'string' ? envelope.method : '';

  const params = envelope.params;
  if (!isObject(params) || !isObject(params.message)) return { ok: true, method, envelope };
  const { content, ...message } = params.message;
  if (message.messageId === undefined) message.messageId = newId();
  if (message.parts === undefined) {
    if (typeof content === 'string') message.parts = [{ kind: 'text', text: content }];
    else if (Array.isArray(content)) message.parts = content;
    else if (content !== undefined) {
      return refuse('invalid params.message.content type', 'content must be a string or an array of parts');
    } else {
      return refuse(
        "params.message must contain either 'parts' (v0.3) or 'content' (v0.2 compat)",
        'send parts: [{"kind":"text","text":"…"}]',
      );
    }
  } else if (content !== undefined) message.content = content;
  return { ok: true, method, envelope: { ...envelope, params: { ...params, message } } };
}
