import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { json, refuse } from '../../http/reply.ts';
import type { Call, Route } from '../../http/route.ts';
import { decodeBody, goText } from '../../rules/go-json.ts';
import { formatMicros } from '../../rules/timestamps.ts';
import { type AgentRequest, isOpen, type RequestMessage } from '../../world/requests.ts';
import { rootOf } from '../../world/workspaces.ts';
import type { World } from '../../world/world.ts';

/** Tasks and approvals that agents ask of each other and of people (§15.10). No row of the feed tells of them. */
export const requestRoutes: readonly Route[] = [
  { at: 'POST /workspaces/:id/requests', guard: 'workspace', only: 'head', handle: ask },
  { at: 'GET /workspaces/:id/requests', guard: 'workspace', only: 'head', handle: outgoing },
  { at: 'GET /workspaces/:id/requests/inbox', guard: 'workspace', only: 'head', handle: inbox },
  { at: 'GET /workspaces/:id/requests/:requestId', guard: 'workspace', only: 'head', handle: show },
  {
    at: 'POST /workspaces/:id/requests/:requestId/respond',
    guard: 'workspace',
    only: 'head',
    handle: respond,
  },
  {
    at: 'POST /workspaces/:id/requests/:requestId/messages',
    guard: 'workspace',
    only: 'head',
    handle: remark,
  },
  { at: 'POST /workspaces/:id/requests/:requestId/cancel', guard: 'workspace', only: 'head', handle: cancel },
];

const question = z.object({
  kind: goText,
  recipient_type: goText,
  recipient_id: goText,
  title: goText,
  detail: z.string().nullish(),
  priority: z.int().nullish(),
});

/** Whether the recipient exists is not checked. */
async function ask(call: Call, world: World) {
  const requesterId = call.params.id ?? '';
  const body = decodeBody(question, (await call.readBody()).text);
  if (body === undefined || body.title === '') refuse(400, 'invalid request body');
  if (body.kind !== 'task' && body.kind !== 'approval')
    refuse(400, "request: kind must be 'task' or 'approval'");
  if (body.recipient_type !== 'agent' && body.recipient_type !== 'user') {
    refuse(400, "request: recipient_type must be 'user' or 'agent'");
  }
  const now = world.clock.nowMicros();
  const request: AgentRequest = {
    id: randomUUID(),
    kind: body.kind,
    requesterId,
    orgId: rootOf(world.workspaces, requesterId),
    recipientType: body.recipient_type,
    recipientId: body.recipient_id,
    title: body.title,
    detail: body.detail ?? null,
    priority: body.priority ?? null,
    createdAtMicros: now,
    messages: [],
    status: 'pending',
    responderId: null,
    updatedAtMicros: now,
    respondedAtMicros: null,
  };
  world.requests.set(request.id, request);
  const told = request.recipientType === 'agent' ? request.recipientId : requesterId;
  world.wakeUps.raise(told, 'REQUEST_CREATED', {
    request_id: request.id,
    kind: request.kind,
    title: request.title,
  });
  return json(201, { request_id: request.id, status: request.status });
}

const newestFirst = (world: World, matches: (request: AgentRequest) => boolean) =>
  json(200, [...world.requests.values()].filter(matches).reverse().map(showRequest));

function outgoing(call: Call, world: World) {
  return newestFirst(world, ({ requesterId }) => requesterId === call.params.id);
}

function inbox(call: Call, world: World) {
  const status = call.query.get('status');
  return newestFirst(
    world,
    (request) => request.recipientId === call.params.id && (!status || request.status === status),
  );
}

function show(call: Call, world: World) {
  const request = ofParticipant(call, world);
  return json(200, {
    request: showRequest(request),
    messages: request.messages.map((message) => showMessage(request, message)),
  });
}

const answers = { task: ['done', 'rejected'], approval: ['approved', 'rejected'] };
const response = z.object({ action: goText });

async function respond(call: Call, world: World) {
  const body = decodeBody(response, (await call.readBody()).text);
  if (body === undefined || body.action === '') refuse(400, 'invalid request body');
  const request = ofParticipant(call, world);
  if (request.recipientId !== call.params.id) refuse(403, 'not the recipient');
  if (!answers[request.kind].includes(body.action))
    refuse(400, 'request: invalid action for this request kind');
  close(request, body.action, world);
  request.responderId = request.recipientId;
  request.respondedAtMicros = request.updatedAtMicros;
  world.wakeUps.raise(request.requesterId, 'REQUEST_RESPONDED', {
    request_id: request.id,
    status: request.status,
  });
  return json(200, { request_id: request.id, status: request.status });
}

const remarkBody = z.object({ body: goText, author_type: goText });

/** A remark from the recipient asks for more. */
async function remark(call: Call, world: World) {
  const body = decodeBody(remarkBody, (await call.readBody()).text);
  if (body === undefined || body.body === '') refuse(400, 'invalid request body');
  const request = ofParticipant(call, world);
  const authorId = call.params.id ?? '';
  const message: RequestMessage = {
    id: randomUUID(),
    authorType: body.author_type || 'agent',
    authorId,
    body: body.body,
    createdAtMicros: world.clock.nowMicros(),
  };
  request.messages.push(message);
  request.updatedAtMicros = world.clock.nowMicros();
  if (authorId === request.recipientId && isOpen(request)) request.status = 'info_requested';
  const told = { request_id: request.id, message_id: message.id };
  world.wakeUps.raise(request.requesterId, 'REQUEST_MESSAGE', told);
  return json(201, { ...told, status: 'created' });
}

function cancel(call: Call, world: World) {
  const request = ofParticipant(call, world);
  if (request.requesterId !== call.params.id) refuse(403, 'not the requester');
  close(request, 'cancelled', world);
  return json(200, { request_id: request.id, status: request.status });
}

function close(request: AgentRequest, status: string, world: World): void {
  if (!isOpen(request)) refuse(404, 'request not found or already resolved');
  request.status = status;
  request.updatedAtMicros = world.clock.nowMicros();
}

function ofParticipant(call: Call, world: World): AgentRequest {
  const request = world.requests.get(call.params.requestId ?? '');
  if (request === undefined) refuse(404, 'request not found');
  const id = call.params.id ?? '';
  if (request.requesterId !== id && request.recipientId !== id) refuse(403, 'not a participant');
  return request;
}

function showRequest(request: AgentRequest) {
  return {
    id: request.id,
    kind: request.kind,
    requester_type: 'agent',
    requester_id: request.requesterId,
    org_id: request.orgId,
    recipient_type: request.recipientType,
    recipient_id: request.recipientId,
    title: request.title,
    detail: request.detail,
    status: request.status,
    responder_type: request.responderId === null ? null : request.recipientType,
    responder_id: request.responderId,
    priority: request.priority,
    created_at: formatMicros(request.createdAtMicros),
    updated_at: formatMicros(request.updatedAtMicros),
    responded_at: request.respondedAtMicros === null ? null : formatMicros(request.respondedAtMicros),
  };
}

function showMessage(request: AgentRequest, message: RequestMessage) {
  return {
    id: message.id,
    request_id: request.id,
    author_type: message.authorType,
    author_id: message.authorId,
    body: message.body,
    created_at: formatMicros(message.createdAtMicros),
  };
}
