import * as z from 'zod';
import type { DomainEvent } from '../events.ts';
import { isUuid } from '../ids.ts';
import type { InboxMessage } from '../message.ts';
import { toMicros } from '../time.ts';
import type { InboxState } from './inbox-state.ts';

/** A task or an approval that somebody asks of this agent (§15.10). */
export interface AgentRequest {
  /** A UUID. */
  readonly id: string;
  readonly kind: 'task' | 'approval';
  /** The asking agent's workspace id; empty when it is not an agent. */
  readonly requesterId: string;
  readonly title: string;
  readonly detail: string;
  readonly status: string;
  readonly priority: number | null;
  readonly createdAt: string;
}

/** How an agent may answer a request: `ask` says that it has to know more first. */
export type RequestAnswer = 'done' | 'approved' | 'rejected' | 'ask';

/** Whether it still waits for an answer. */
export function isOpen({ status }: AgentRequest): boolean {
  return status === 'pending' || status === 'info_requested';
}

/** Whether an answer is one that a request of this kind takes. */
export function isAnswerTo({ kind }: AgentRequest, answer: string): boolean {
  return answer === 'rejected' || answer === 'ask' || answer === (kind === 'approval' ? 'approved' : 'done');
}

/** Reads one element of `/requests/inbox`; null for what is none. */
export function readRequest(raw: unknown): AgentRequest | null {
  const parsed = requestSchema.safeParse(raw);
  return parsed.success ? parsed.data : null;
}

/** The request as a message of the inbox; its id names it in `inbox_pop`, `reply_to` and `respond_to_request` alike. */
export function messageOf(request: AgentRequest): InboxMessage {
  const { id, kind, title, detail, requesterId, createdAt } = request;
  return {
    activity_id: id,
    text: detail === '' ? title : `${title}\n\n${detail}`,
    peer_id: requesterId,
    kind: 'request',
    method: '',
    created_at: createdAt,
    request_kind: kind,
  };
}

/**
 * What the open requests of a moment lead to: each one not known becomes a message; one that was known and is no longer
 * open is forgotten once its message is gone, so that it comes again should it be opened again. One that was popped comes
 * once a session: until the next, `list_requests` shows what is still owed; after a restart somebody else may have to know.
 */
export function decideRequests(open: readonly AgentRequest[], state: Readonly<InboxState>): DomainEvent[] {
  const ids = new Set(open.map(({ id }) => id));
  const closed = [...state.requests].filter(
    (id) => !ids.has(id) && !state.held.has(id) && !state.inbox.has(id),
  );
  return [
    ...closed.map((requestId): DomainEvent => ({ type: 'request.closed', data: { requestId } })),
    ...open.flatMap((request): DomainEvent[] => (isNew(request, state) ? arrivalOf(request) : [])),
  ];
}

function isNew({ id }: AgentRequest, { requests, held, inbox }: Readonly<InboxState>): boolean {
  return !requests.has(id) && !held.has(id) && !inbox.has(id);
}

/** Received and released at once: a request waits for no file. */
function arrivalOf(request: AgentRequest): DomainEvent[] {
  const message = messageOf(request);
  const row = { id: request.id, atMicros: toMicros(request.createdAt) ?? 0 };
  return [
    { type: 'message.received', data: { message, row, conversation: 'requests', files: [] } },
    { type: 'message.released', data: { activityId: request.id, outcomes: [] } },
  ];
}

const words = z.string().catch('');

const requestSchema = z
  .object({
    id: z.string().refine(isUuid),
    kind: z.enum(['task', 'approval']),
    requester_type: words,
    requester_id: words,
    title: words,
    detail: words,
    status: words,
    priority: z.number().nullable().catch(null),
    created_at: z.string().refine((time) => toMicros(time) !== null),
  })
  .transform(
    (raw): AgentRequest => ({
      id: raw.id,
      kind: raw.kind,
      requesterId: raw.requester_type === 'agent' ? raw.requester_id : '',
      title: raw.title,
      detail: raw.detail,
      status: raw.status,
      priority: raw.priority,
      createdAt: raw.created_at,
    }),
  );
