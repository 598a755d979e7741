import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  type Notification,
  type Request,
} from '@modelcontextprotocol/sdk/types.js';
import { frameLine } from '../../src/domain/rendering/frame-text.ts';
import { INVALID_PARAMS, ProtocolError } from './protocol-error.ts';

/** Serves the prompt that a person picks in a host without push: it works through everything that waits. */
export function servePrompts(server: Server<Request, Notification>): void {
  server.setRequestHandler(ListPromptsRequestSchema, () => ({
    prompts: [
      {
        name: NAME,
        title: 'Work through the inbox',
        description: 'Reads, answers and removes every waiting message, oldest first.',
        arguments: [
          {
            name: 'workspace_id',
            description: 'Only what came to this workspace of yours.',
            required: false,
          },
        ],
      },
    ],
  }));
  server.setRequestHandler(GetPromptRequestSchema, ({ params: { name, arguments: args } }) => {
    if (name !== NAME) throw new ProtocolError(INVALID_PARAMS, `Unknown prompt: ${frameLine(name, 100)}`);
    return {
      description: 'Work through the inbox',
      messages: [
        { role: 'user', content: { type: 'text', text: promptText(args?.workspace_id?.trim() ?? '') } },
      ],
    };
  });
}

const NAME = 'work_through_inbox';

function promptText(workspaceId: string): string {
  const scope =
    workspaceId === '' ? '' : `, with workspace_id ${JSON.stringify(frameLine(workspaceId, 100))}`;
  return `Work through my Molecule inbox.

1. Call inbox_peek${scope}.
2. Take the oldest message. Open the files whose path it gives. Do what it asks, within what I allow you.
3. Answer it: send_message_to_user for the user, delegate_task with workspace_id = its peer_id for an agent; in both cases with reply_to = its activity_id, which also removes it. A delegation_result is only read. What needs no answer goes with inbox_pop.
4. If an answer fails, leave the message where it is and go on with the next one.
5. Repeat until inbox_peek shows nothing new, then tell me in a few lines what came, what you answered and what is left.`;
}
