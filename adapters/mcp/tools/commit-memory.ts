import * as z from 'zod';
import { frameLine } from '../../../src/domain/rendering/frame-text.ts';
import { body, sourceWorkspaceId, stated } from './arguments.ts';
import { defineTool } from './tool.ts';
import { waitingField } from './waiting-field.ts';

const SCOPES = ['LOCAL', 'TEAM', 'GLOBAL'];

/** `commit_memory`: remembers something on the platform. */
export const commitMemory = defineTool({
  name: 'commit_memory',
  title: 'Remember something',
  description:
    'Stores a memory on the platform. Scope LOCAL is yours alone, TEAM is shared with parent and siblings, GLOBAL with everybody and only open to the root agent. What looks like a secret is blacked out first.',
  input: z.object({
    content: body('What to remember.'),
    scope: z
      .string()
      .transform((scope) =>
        SCOPES.includes(scope.trim().toUpperCase()) ? scope.trim().toUpperCase() : 'LOCAL',
      )
      .optional()
      .meta({ enum: SCOPES, description: 'Who can read it; LOCAL if left out.' }),
    source_workspace_id: sourceWorkspaceId(),
  }),
  output: z.object({ success: z.literal(true), id: z.string(), scope: z.string(), waiting: waitingField }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  async call({ content, scope = 'LOCAL', source_workspace_id }, agent, context) {
    const memory = await agent.memories.commit(
      {
        content,
        scope,
        ...stated({ sourceWorkspaceId: source_workspace_id }),
      },
      context,
    );
    return {
      structured: { success: true as const, ...memory, waiting: agent.inbox.waiting() },
      text: `Remembered as ${frameLine(memory.id, 100)}, scope ${frameLine(memory.scope, 40)}.`,
    };
  },
});
