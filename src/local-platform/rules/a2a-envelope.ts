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
 * @param notJson what the generation calls a body that is no JSON object.
 */
export function normaliseEnvelope(text: string, newId: () => string, notJson: string): NormalisedEnvelope {
  const body = parseJson(text);
  if (!isObject(body)) return refuse(notJson);
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

/** How HEAD sees the sender: a canvas turn belongs to a conversation, and one with a login is marked as the user's. */
export interface CanvasTurn {
  /** The workspace that is written to. */
  readonly workspaceId: string;
  /** Whether `params.metadata` says that the canvas user wrote it; an injected message says nothing (§15.1). */
  readonly marked: boolean;
}

/**
 * What HEAD does to an envelope besides (§15.5): a missing role is `user`, parts are told apart by `kind` alone, and a
 * canvas turn gets its conversation and its origin.
 */
export function modernise(
  envelope: Record<string, unknown>,
  method: string,
  canvas: CanvasTurn | undefined,
): Record<string, unknown> {
  const params = isObject(envelope.params) ? { ...envelope.params } : undefined;
  if (params !== undefined && isObject(params.message)) {
    const message = params.message;
    params.message = {
      ...message,
      role: message.role || 'user',
      parts: Array.isArray(message.parts) ? message.parts.map(byKind) : message.parts,
      ...(canvas !== undefined &&
        method === 'message/send' && { contextId: message.contextId || `canvas-${canvas.workspaceId}` }),
    };
  }
  if (canvas?.marked !== true) return params === undefined ? envelope : { ...envelope, params };
  const origin = { source: 'canvas_user', user_identity_status: 'UNAUTHENTICATED' };
  const known = isObject(params?.metadata) ? params.metadata : {};
  return { ...envelope, params: { ...params, metadata: { ...known, ...origin } } };
}

function byKind(part: unknown): unknown {
  if (!isObject(part) || part.kind !== undefined || part.type === undefined) return part;
  const { type, ...rest } = part;
  return { kind: type, ...rest };
}

/** The `messageId` of an envelope, if it has one. */
export function messageIdOf(envelope: unknown): string | undefined {
  const params = isObject(envelope) ? envelope.params : undefined;
  const message = isObject(params) ? params.message : undefined;
  return isObject(message) && typeof message.messageId === 'string' ? message.messageId : undefined;
}
