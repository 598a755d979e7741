import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { canonicalPeerId, identityField } from '../../../src/domain/identity.ts';
import type { InboxMessage, MessageKind } from '../../../src/domain/message.ts';
import { CHANNEL_METHOD, renderChannel } from '../../../src/domain/rendering/render.ts';
import { type TypedDifference, vectorKind } from '../kind.ts';

const inputSchema = z.object({
  message: z.record(z.string(), z.unknown()),
  /** The registry's record of the peer; a word or null when there was none. */
  peer_metadata: z.unknown(),
  platform_url: z.string(),
});
type Input = z.output<typeof inputSchema>;

const notificationSchema = z.object({
  params: z.object({ content: z.string(), meta: z.record(z.string(), z.string()) }),
});

/** A peer's name or role as it may be shown. */
export const identityFieldKind = vectorKind({ input: z.unknown(), answer: identityField });

/** A peer's id in its canonical spelling. */
export const peerIdKind = vectorKind({ input: z.unknown(), answer: canonicalPeerId });

/** The whole notification of one message. */
export const notificationKind = vectorKind({
  input: inputSchema,
  answer: (input) => ({
    jsonrpc: '2.0',
    method: CHANNEL_METHOD,
    params: renderChannel(asMessage(input), input.platform_url),
  }),
  differences: [
    differingIn(
      'an id in upper case is shown as it is, or the agent could not pop the message (W-58)',
      ({ message }) => /^[0-9A-Fa-f-]{36}$/.test(textOf(message.activity_id)),
      (meta, { message }) => meta.activity_id === message.activity_id,
      ['activity_id'],
    ),
    differingIn(
      'an id or a time with a line break behind it is not in its exact form (W-58)',
      ({ message }) => /\n$/.test(textOf(message.activity_id)) || /\n$/.test(textOf(message.created_at)),
      (meta) => !/\n/.test(`${meta.activity_id}${meta.ts}`),
      ['activity_id', 'ts'],
    ),
    differingIn(
      'a time is written in ASCII digits (W-58)',
      ({ message }) => /[^\x20-\x7e]/.test(textOf(message.created_at)),
      (meta) => meta.ts === '',
      ['ts'],
    ),
    {
      reason: 'a method that is no text is left out instead of losing the push (W-58)',
      applies: ({ message }) => message.method !== undefined && typeof message.method !== 'string',
      promises: (answer) => answer.params.meta.method === '',
    },
    {
      reason: 'the text of a message always is text: extraction sees to that',
      applies: ({ message }) => message.text !== undefined && typeof message.text !== 'string',
      promises: (answer) => answer.params.content.split('\n').includes(''),
    },
    {
      reason:
        'text that would pass for a frame line or a channel tag, or conceals something, is escaped (W-56)',
      applies: ({ message }) => needsEscape(textOf(message.text)),
      promises: (answer, expected) => keepsFrame(answer, expected),
    },
    {
      reason: 'a message of several workspaces says where it arrived and from where to answer (W-9)',
      applies: ({ message }) => Boolean(message.arrival_workspace_id),
      promises: (answer, _expected, { message }) =>
        answer.params.meta.arrival_workspace_id === message.arrival_workspace_id,
    },
    differingIn(
      'the base URL is normalised once at the start, so none with a slash at its end gets here (W-34)',
      (input) => /^\s|[\s/]$/.test(input.platform_url),
      (meta) => meta.agent_card_url?.endsWith(`/registry/discover/${meta.peer_id}`) ?? true,
      ['agent_card_url'],
    ),
    {
      reason: 'a peer that calls itself what a header calls somebody else stays a peer-agent (W-56)',
      applies: ({ peer_metadata }) => /canvas user|your delegation/i.test(JSON.stringify(peer_metadata)),
      promises: (answer) => answer.params.content.startsWith('[from peer-agent · peer_id='),
    },
  ],
});

/** The message as classification would have made it. */
function asMessage({ message, peer_metadata }: Input): InboxMessage {
  const record = z.object({ name: z.unknown(), role: z.unknown() }).partial().safeParse(peer_metadata).data;
  const [name, role] = [identityField(record?.name), identityField(record?.role)];
  return {
    activity_id: textOf(message.activity_id),
    text: textOf(message.text),
    peer_id: textOf(message.peer_id),
    kind: textOf(message.kind) as MessageKind,
    method: textOf(message.method),
    created_at: textOf(message.created_at),
    ...(message.arrival_workspace_id ? { arrival_workspace_id: textOf(message.arrival_workspace_id) } : {}),
    ...(name === null ? {} : { peer_name: name }),
    ...(role === null ? {} : { peer_role: role }),
  };
}

type Notification = {
  readonly params: { readonly content: string; readonly meta: Readonly<Record<string, string>> };
};

/** A difference in named fields of `meta` only: everything else is the reference's. */
function differingIn(
  reason: string,
  applies: (input: Input) => boolean,
  holds: (meta: Readonly<Record<string, string>>, input: Input) => boolean,
  fields: readonly string[],
): TypedDifference<Input, Notification> {
  return {
    reason,
    applies,
    promises: (answer, expected, input) => {
      const theirs = notificationSchema.safeParse(expected).data;
      if (!theirs || theirs.params.content !== answer.params.content) return false;
      const rest = (meta: Readonly<Record<string, string>>) =>
        Object.entries(meta).filter(([key]) => !fields.includes(key));
      const [a, b] = [answer.params.meta, theirs.params.meta].map((meta) => Object.fromEntries(rest(meta)));
      return isDeepStrictEqual(a, b) && holds(answer.params.meta, input);
    },
  };
}

/** The same meta, the same first and last line. */
function keepsFrame(answer: Notification, expected: unknown): boolean {
  const theirs = notificationSchema.safeParse(expected).data;
  if (!theirs) return false;
  const ours = answer.params.content.split('\n');
  const lines = theirs.params.content.split('\n');
  const framed = theirs.params.meta.kind !== '';
  return (
    isDeepStrictEqual({ ...answer.params.meta }, theirs.params.meta) &&
    (!framed || (ours[0] === lines[0] && ours.at(-1) === lines.at(-1)))
  );
}

/** Written apart from the product's own rule, which could not catch itself out. */
function needsEscape(text: string): boolean {
  const concealed =
    /[^\P{Cc}\n\t]|[\p{Cs}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|[\u{E0000}-\u{E007F}]/u;
  return concealed.test(text) || /^\W*(?:from|attachment|delegation)\b|^\s*↩|<\W*channel/imu.test(text);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
