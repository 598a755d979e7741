import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  type Notification,
  ReadResourceRequestSchema,
  type Request,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { AgentPort } from '../../src/domain/ports/agent.ts';
import { frameLine } from '../../src/domain/rendering/frame-text.ts';
import { INVALID_PARAMS, ProtocolError, RESOURCE_NOT_FOUND } from './protocol-error.ts';
import { requireInbox } from './tools/require-inbox.ts';

/** Which resources the host wants to hear of. */
export interface ResourceUpdates {
  /** Subscribed URIs that a change of the inbox, and of these messages in it, concerns. */
  subscribedAmong(activityIds: Iterable<string>): readonly string[];
}

/** What the resources need. */
export interface ResourceDeps {
  readonly agent: () => Promise<AgentPort> | AgentPort;
  readonly maxResultBytes: number;
}

const MESSAGES = 'inbox://messages';
const STATUS = 'inbox://status';
const PAGE = 50;
/** A host that subscribes to everything it ever saw costs bounded memory. */
const MAX_SUBSCRIPTIONS = 1000;

/** Serves the inbox as resources, for hosts that show or watch them: the page of what waits, each message, the status. */
export function serveResources(server: Server<Request, Notification>, deps: ResourceDeps): ResourceUpdates {
  const subscribed = new Set<string>();

  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: LISTED }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: TEMPLATES }));
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }) => {
    const value = await readResource(uri, await deps.agent(), deps.maxResultBytes);
    return { contents: [{ uri, mimeType: 'application/json', text: JSON.stringify(value, null, 2) }] };
  });
  server.setRequestHandler(SubscribeRequestSchema, ({ params: { uri } }) => {
    if (uri !== STATUS && uri !== MESSAGES && activityIdOf(uri) === null) throw unknown(uri);
    if (subscribed.size >= MAX_SUBSCRIPTIONS && !subscribed.has(uri)) {
      throw new ProtocolError(INVALID_PARAMS, `At most ${MAX_SUBSCRIPTIONS} subscriptions`);
    }
    subscribed.add(uri);
    return {};
  });
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params: { uri } }) => {
    subscribed.delete(uri);
    return {};
  });

  return {
    subscribedAmong: (activityIds) =>
      [MESSAGES, STATUS, ...[...activityIds].map(messageUri)].filter((uri) => subscribed.has(uri)),
  };
}

/** What a resource holds, neutralised as in a tool's result. The tools' schemas are loaded when first read. */
async function readResource(uri: string, agent: AgentPort, maxBytes: number): Promise<unknown> {
  const { frameData } = await import('./frame-data.ts');
  if (uri === STATUS) {
    const { inboxStatus } = await import('./tools/inbox-status.ts');
    return frameData(await agent.inbox.status(), inboxStatus.output);
  }
  const inbox = requireInbox(agent);
  if (uri === MESSAGES) {
    const { inboxPeek } = await import('./tools/inbox-peek.ts');
    return frameData(await inbox.peek({ limit: PAGE, maxBytes }), inboxPeek.output);
  }
  const activityId = activityIdOf(uri);
  const message = activityId === null ? null : await inbox.find(activityId);
  if (message === null) throw unknown(uri);
  const { messageSchema } = await import('./tools/message-schema.ts');
  return frameData(message, messageSchema);
}

function messageUri(activityId: string): string {
  return `${MESSAGES}/${encodeURIComponent(activityId)}`;
}

/** The id of `inbox://messages/{activity_id}`, else null. */
function activityIdOf(uri: string): string | null {
  if (!uri.startsWith(`${MESSAGES}/`)) return null;
  try {
    return decodeURIComponent(uri.slice(MESSAGES.length + 1)) || null;
  } catch {
    return null;
  }
}

function unknown(uri: string): ProtocolError {
  return new ProtocolError(RESOURCE_NOT_FOUND, `Resource not found: ${frameLine(uri, 200)}`);
}

const LISTED = [
  {
    uri: MESSAGES,
    name: 'messages',
    title: 'Waiting messages',
    description: `The oldest ${PAGE} messages that wait, with the number of all.`,
    mimeType: 'application/json',
  },
  {
    uri: STATUS,
    name: 'status',
    title: 'Inbox status',
    description: 'Per workspace: connection, last poll, what waits, last error.',
    mimeType: 'application/json',
  },
];

const TEMPLATES = [
  {
    uriTemplate: `${MESSAGES}/{activity_id}`,
    name: 'message',
    title: 'One waiting message',
    description: 'A message by its activity_id, while it waits.',
    mimeType: 'application/json',
  },
];
